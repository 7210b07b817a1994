import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { vertexNormals } from '../mesh/vertex-normals.ts';
import type { IlluminationNumbers } from './scene.ts';

/** `[V, 3]` what each vertex of a mesh shows under a light, by the renderer's equation (`shadeFragmentsImpl`, sRGB), cut to white. */
export function litColors({ vertices, faces, colors }: Required<TriangleMesh>, { lightPosition, lightColor, ambientColor }: IlluminationNumbers): Float32Array {
  const normals = vertexNormals({ vertices, faces }), out = new Float32Array(colors.length);
  for (let v = 0; v < out.length; v += 3) {
    const towards = lightPosition.map((x, k) => x - vertices[v + k]!), length = Math.hypot(...towards);
    const facing = length > 0 ? Math.max(0, towards.reduce((sum, x, k) => sum + x * normals[v + k]!, 0) / length) : 0;
    for (let k = 0; k < 3; k++) out[v + k] = Math.min(1, colors[v + k]! * (ambientColor[k]! + lightColor[k]! * facing));
  }
  return out;
}

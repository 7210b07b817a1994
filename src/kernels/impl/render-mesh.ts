import { meshEdges } from '../../mesh/mesh-edges.ts';
import type { FloatArray } from '../../sparse/csr-matrix.ts';
import { antialiasEdgesBackpropImageImpl, antialiasEdgesBackpropVerticesImpl, antialiasEdgesImpl } from './antialias-edges.ts';
import { CAMERA_NUMBERS, type Lens } from './camera-basis.ts';
import { projectVerticesGradImpl, projectVerticesImpl } from './project-vertices.ts';
import { rasterizeMeshGradImpl } from './rasterize-mesh-grad.ts';
import { rasterizeMeshImpl } from './rasterize-mesh.ts';
import { LIGHT_NUMBERS, shadeFragmentsGradImpl, shadeFragmentsImpl, type ShadingSpace } from './shade-fragments.ts';
import { vertexNormalsGradImpl, vertexNormalsImpl } from './vertex-normals.ts';

/** One batch of coloured meshes under cameras and lights. */
export interface RenderScene {
  /** `[B, V, 3]` */
  readonly vertices: FloatArray;
  /** `[B, V, 3]` */
  readonly colors: FloatArray;
  /** `[F, 3]` */
  readonly faces: Int32Array;
  /** `[B, 8]`: eye, look-at point, focal length, roll. */
  readonly cameras: FloatArray;
  /** `[B, 9]`: light position, light colour, ambient colour. */
  readonly lights: FloatArray;
}

/** Size of the image, lens planes and shading. */
export interface RenderSettings extends Pick<Lens, 'near' | 'far'> {
  readonly height: number;
  readonly width: number;
  readonly space: ShadingSpace;
  /** `none` if left out; with `antialias` the gradient goes through visibility too. */
  readonly edges?: 'none' | 'antialias';
}

/** What {@link renderMeshImpl} returns. */
export interface Rendering {
  /** `[B, H, W, 3]`, 0 on background. */
  readonly image: Float64Array;
  /** `[B, H, W]`, -1 on background. */
  readonly faceIndex: Int32Array;
  /** The vector-Jacobian product: `dImage [B, H, W, 3]` to the gradients of the scene's arrays, in their shapes. */
  gradient(dImage: FloatArray): Record<'vertices' | 'colors' | 'cameras' | 'lights', Float64Array>;
}

/**
 * Reference of the whole render and its gradient, in float64 and on the host: project, rasterize, normals, shade. Plain loops
 * over the reference kernels; visibility counts as constant in the gradient but for `edges: 'antialias'`.
 *
 * @throws Error where a kernel stops: a camera without axes, an index out of range, a number that is not finite.
 */
export function renderMeshImpl({ vertices, colors, faces, cameras, lights }: RenderScene, { height, width, near, far, space, edges = 'none' }: RenderSettings): Rendering {
  const batch = cameras.length / CAMERA_NUMBERS, vertexCount = vertices.length / (3 * batch), pixels = height * width;
  const lens = { aspect: width / height, near, far }, sizes = { batch, vertexCount, faceCount: faces.length / 3, height, width, pixels };
  const float = (length: number): Float64Array => new Float64Array(length);
  const clip = float(4 * batch * vertexCount), normals = float(vertices.length), image = float(3 * batch * pixels);
  const fragments = { faceIndex: new Int32Array(batch * pixels), barycentrics: float(3 * batch * pixels), zBuffer: float(batch * pixels) };
  const check = (what: string, stray: number): void => { if (stray >= 0) throw new Error(`renderMeshImpl: ${what} stopped at ${stray}`); };
  check('projectVertices', projectVerticesImpl(vertices, cameras, clip, sizes, lens));
  check('rasterizeMesh', rasterizeMeshImpl(clip, faces, fragments, sizes));
  check('vertexNormals', vertexNormalsImpl(vertices, faces, normals, sizes));
  const inputs = { vertices, normals, colors, lights }, at = { ...fragments, faces };
  shadeFragmentsImpl(inputs, at, image, sizes, space);
  const outlined = edges === 'antialias' ? { vertices: clip, edges: meshEdges(faces), ...at } : null, drawn = outlined ? float(image.length) : image, painted = { ...sizes, channels: 3 };
  if (outlined) antialiasEdgesImpl(image, outlined, drawn, painted);
  return {
    image: drawn, faceIndex: fragments.faceIndex,
    gradient(dDrawn) {
      const dImage = outlined ? float(image.length) : dDrawn, dThroughEdges = float(clip.length);
      if (outlined) {
        antialiasEdgesBackpropImageImpl(dDrawn, outlined, dImage as Float64Array, painted);
        antialiasEdgesBackpropVerticesImpl(dDrawn, image, outlined, dThroughEdges, painted);
      }
      const shade = { dVertices: float(vertices.length), dNormals: float(vertices.length), dColors: float(colors.length), dLights: float(batch * LIGHT_NUMBERS), dBarycentrics: float(3 * batch * pixels) };
      shadeFragmentsGradImpl(inputs, at, dImage, shade, sizes, space);
      const dThroughNormals = float(vertices.length), dClip = float(clip.length), project = { dVertices: float(vertices.length), dCameras: float(cameras.length) };
      vertexNormalsGradImpl(vertices, faces, shade.dNormals, dThroughNormals, sizes);
      rasterizeMeshGradImpl(clip, faces, fragments.faceIndex, fragments.barycentrics, shade.dBarycentrics, dClip, sizes);
      projectVerticesGradImpl(vertices, cameras, dClip.map((g, i) => g + dThroughEdges[i]!), project, sizes, lens);
      return {
        vertices: shade.dVertices.map((g, i) => g + dThroughNormals[i]! + project.dVertices[i]!), colors: shade.dColors, cameras: project.dCameras, lights: shade.dLights,
      };
    },
  };
}

import { renderMeshImpl } from '../impl/render-mesh.ts';
import { SCENE_NUMBERS, VECTOR_RENDER, vectorResidual, vectorScene } from './render-scene.ts';
import type { VectorCase } from './vector-arrays.ts';

/** What the arrays of a render are, for the index. */
export const RENDER_KIND = {
  equations: {
    camera: 'forward = n(lookAt - eye), right_0 = n(forward x Y), up_0 = right_0 x forward; right = cos(roll) right_0 + sin(roll) up_0, up = cos(roll) up_0 - sin(roll) right_0',
    clip: 'd = vertex - eye, x = focalLength (right . d) / aspect, y = focalLength (up . d), w = forward . d, z = ((far + near) w - 2 far near) / (far - near), aspect = width / height',
    coverage: 'a pixel sees the nearest face over its centre (column + 1/2, row + 1/2), row 0 at the top; no culling; barycentrics b_i are perspective-correct',
    normals: 'n(sum over the faces of a vertex of (p1 - p0) x (p2 - p0))',
    image: 'albedo (ambientColor + lightColor max(0, n(N) . n(lightPosition - X))) with X, N and albedo = sum of b_i times that of corner i; in the space linear albedo is made linear first and the result sRGB again; 0 on background',
    gradients: 'dVertices ... dLights: d sum(image dImage) / d each input, faceIndex held constant',
  },
  shapes: {
    vertices: '[B, V, 3] mm', colors: '[B, V, 3]', faces: '[F, 3]', cameras: '[B, 8]', lights: '[B, 9]', dImage: '[B, H, W, 3]', faceIndex: '[B, H, W], -1 on background',
    image: '[B, H, W, 3]', dVertices: '[B, V, 3]', dColors: '[B, V, 3]', dCameras: '[B, 8]', dLights: '[B, 9]',
  },
  columns: {
    cameras: SCENE_NUMBERS.filter(({ array }) => array === 'cameras').map(({ name }) => name), lights: SCENE_NUMBERS.filter(({ array }) => array === 'lights').map(({ name }) => name),
  },
} as const;

/** Renders of one scene of two samples, shaded in sRGB and in linear light. */
export const renderVectors = (seed: number): VectorCase[] => (['srgb', 'linear'] as const).map((space) => {
  const scene = vectorScene(seed), { vertices, colors, faces, cameras, lights } = scene, { height: H, width: W, near, far } = VECTOR_RENDER, B = 2, V = vertices.length / (3 * B);
  const { image, faceIndex, gradient } = renderMeshImpl(scene, { ...VECTOR_RENDER, space }), dImage = vectorResidual(image), d = gradient(dImage);
  return {
    name: `render.${space}`, kind: 'render', settings: { batch: B, vertices: V, faces: faces.length / 3, height: H, width: W, near, far, shadingSpace: space },
    arrays: {
      vertices: { shape: [B, V, 3], data: vertices as Float64Array }, colors: { shape: [B, V, 3], data: colors as Float64Array }, faces: { shape: [faces.length / 3, 3], data: faces },
      cameras: { shape: [B, 8], data: cameras as Float64Array }, lights: { shape: [B, 9], data: lights as Float64Array }, dImage: { shape: [B, H, W, 3], data: dImage },
      faceIndex: { shape: [B, H, W], data: faceIndex }, image: { shape: [B, H, W, 3], data: image },
      dVertices: { shape: [B, V, 3], data: d.vertices }, dColors: { shape: [B, V, 3], data: d.colors }, dCameras: { shape: [B, 8], data: d.cameras }, dLights: { shape: [B, 9], data: d.lights },
    },
  };
});

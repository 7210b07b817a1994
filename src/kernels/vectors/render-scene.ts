import { createRandom } from '../../core/random.ts';
import type { RenderScene, RenderSettings } from '../impl/render-mesh.ts';
import { subdividedOctahedron } from './vector-graphs.ts';

/** Image and lens of {@link vectorScene}. */
export const VECTOR_RENDER: Omit<RenderSettings, 'space'> = { height: 36, width: 48, near: 10, far: 10_000 };

/**
 * Two samples of a bumpy, coloured egg of 90 mm with a small one before it, under two cameras and lights; the last vertex is isolated.
 * Every number is a float32 number.
 */
export function vectorScene(seed: number): RenderScene {
  const [egg, nose] = [subdividedOctahedron(3), subdividedOctahedron(1)], random = createRandom(seed).fork('render');
  const count = egg.vertexCount + nose.vertexCount + 1, vertices = new Float64Array(6 * count), colors = new Float64Array(6 * count);
  for (let b = 0; b < 2; b++) {
    for (let v = 0; v < count; v++) {
      const isEgg = v < egg.vertexCount, isNose = !isEgg && v + 1 < count, [x, y, z] = isEgg ? egg.point(v) : isNose ? nose.point(v - egg.vertexCount) : [0, 0, 0];
      const place = isEgg ? [70 * x, 95 * y, 80 * z] : [12 * x + 4, 22 * y - 14, 18 * z + 84];
      for (let k = 0; k < 3; k++) {
        const at = 3 * (b * count + v) + k;
        vertices[at] = Math.fround(place[k]! * (1 + 0.01 * random.uniform(-1, 1)));
        colors[at] = Math.fround(0.5 + 0.25 * place[(k + b) % 3]! / 95 + 0.1 * random.uniform(-1, 1));
      }
    }
  }
  const faces = Int32Array.from([...egg.faces, ...nose.faces.map((v) => v + egg.vertexCount)]);
  const cameras = [160, 90, 900, 3, -8, 12, 7.5, 0.2, -250, -60, 800, -6, 4, -9, 6.5, -0.35];
  const lights = [300, 700, 1500, 0.5, 0.45, 0.4, 0.35, 0.3, 0.4, -900, 200, 700, 0.3, 0.6, 0.5, 0.2, 0.25, 0.3];
  return { vertices, colors, faces, cameras: Float64Array.from(cameras, Math.fround), lights: Float64Array.from(lights, Math.fround) };
}

/** One number of a camera or light: its name in the API and its place in the kernels' arrays. */
export interface SceneNumber {
  /** `camera.eye.x` ... */
  readonly name: string;
  readonly array: 'cameras' | 'lights';
  readonly column: number;
  /** Numbers of one unit, whose largest gradient is what counts as large: `camera.eye` ... */
  readonly group: string;
}

const named = (array: SceneNumber['array'], groups: readonly (readonly [group: string, parts: string])[]): SceneNumber[] =>
  groups.flatMap(([group, parts]) => (parts ? [...parts].map((part) => ({ name: `${group}.${part}`, group })) : [{ name: group, group }])).map((entry, column) => ({ ...entry, array, column }));

/** The camera's 7 numbers and its roll, then the 9 of the light. */
export const SCENE_NUMBERS: readonly SceneNumber[] = [
  ...named('cameras', [['camera.eye', 'xyz'], ['camera.lookAt', 'xyz'], ['camera.focalLength', ''], ['camera.roll', '']]),
  ...named('lights', [['illumination.lightPosition', 'xyz'], ['illumination.lightColor', 'rgb'], ['illumination.ambientColor', 'rgb']]),
];

/** The direction in which gradients of the image are taken: a residual to a picture that is not the face. */
export const vectorResidual = (image: Float64Array): Float64Array => image.map((x, i) => Math.fround(x - 0.4 - 0.2 * ((i * 7919) % 101) / 101));

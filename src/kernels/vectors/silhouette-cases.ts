import { createRandom } from '../../core/random.ts';
import { meshEdges } from '../../mesh/mesh-edges.ts';
import type { TriangleMesh } from '../../mesh/triangle-mesh.ts';
import { antialiasEdgesBackpropImageImpl, antialiasEdgesBackpropVerticesImpl, antialiasEdgesImpl } from '../impl/antialias-edges.ts';
import { interpolateAttributesBackpropBarycentricsImpl, interpolateAttributesImpl } from '../impl/interpolate-attributes.ts';
import { rasterizeMeshGradImpl } from '../impl/rasterize-mesh-grad.ts';
import { referenceFragments, toClip } from './reference-fragments.ts';
import { icosphere, joined, moved, sheet } from './vector-shapes.ts';

export const SILHOUETTE_SIZE = { height: 26, width: 30 };

const BACKGROUND = [0.15, 0.3, 0.2];

/** What is turned, scaled, shifted and bent: the shape; `still` stays behind or before it. */
export interface SilhouetteCase {
  readonly shape: TriangleMesh<Float64Array>;
  readonly still?: TriangleMesh<Float64Array>;
}

const triangle = (...corners: number[]): TriangleMesh<Float64Array> => ({ vertices: Float64Array.from(corners), faces: Int32Array.of(0, 1, 2) });
const scaled = (mesh: TriangleMesh<Float64Array>, by: number): TriangleMesh<Float64Array> => ({ ...mesh, vertices: mesh.vertices.map((x) => by * x) });

/** Turned about y and x, so that no face is edge-on by symmetry. */
const turned = (mesh: TriangleMesh<Float64Array>): TriangleMesh<Float64Array> => ({
  ...mesh, vertices: mesh.vertices.map((x, i, all) => {
    const v = i - (i % 3), z = 0.8 * all[v + 2]! - 0.6 * all[v]!;
    return [0.8 * all[v]! + 0.6 * all[v + 2]!, 0.96 * all[v + 1]! - 0.28 * z, 0.28 * all[v + 1]! + 0.96 * z][i % 3] ?? x;
  }),
});

/**
 * Shapes whose outlines move: alone, one before another, with an open border. Faces of the spheres are some 2 pixels and more: where they get smaller, the
 * colours beside an outline are a guess, and single vertices are off by up to a quarter.
 */
export const SILHOUETTE_CASES: Record<string, SilhouetteCase> = {
  triangle: { shape: triangle(-0.71, -0.52, 0.1, 0.83, -0.31, -0.2, -0.13, 0.77, 0) },
  sphere: { shape: moved(scaled(turned(icosphere(2)), 0.72), [0.06, -0.04, 0]) },
  'sphere before triangle': { shape: moved(scaled(turned(icosphere(1)), 0.5), [0.2, 0.1, 0.6]), still: triangle(-1.5, -0.7, -0.4, 0.3, -1.2, -0.3, 0.6, 1.6, -0.5) },
  'triangle before sphere': { shape: triangle(-0.6, -0.4, 1.1, 0.55, -0.3, 0.95, 0.1, 0.5, 1.2), still: scaled(icosphere(3), 0.8) },
  'open border': { shape: moved(scaled(sheet(6, 6, (x, y) => 0.35 * Math.sin(0.9 * x) + 0.2 * Math.cos(1.3 * y)), 0.28), [-0.72, -0.66, 0.1]) },
};

/** Smooth colours of vertices, another sweep for the shape behind. */
function colorsOf({ shape, still }: SilhouetteCase): Float64Array {
  const sweep = (vertices: Float64Array, phase: number): Float64Array =>
    Float64Array.from(vertices, (_, i) => 0.6 + 0.35 * Math.sin(1.7 * vertices[i - (i % 3)]! - 1.1 * vertices[i - (i % 3) + 1]! + phase * (i % 3) + phase));
  return Float64Array.from([...sweep(shape.vertices, 2), ...(still ? sweep(still.vertices, 4.4) : [])]);
}

/** Numbers that move the shape: its vertices follow from `vertices` (as they are), then turned about three axes, scaled, shifted. */
export interface Placement {
  readonly vertices: Float64Array;
  readonly rotation: readonly number[];
  readonly scale: number;
  readonly shift: readonly number[];
}

export const unmoved = ({ shape }: SilhouetteCase): Placement => ({ vertices: shape.vertices, rotation: [0, 0, 0], scale: 1, shift: [0, 0, 0] });

function placed({ shape, still }: SilhouetteCase, { vertices, rotation, scale, shift }: Placement): TriangleMesh<Float64Array> {
  const out = Float64Array.from(vertices);
  for (let v = 0; v < out.length; v += 3) {
    for (const axis of [0, 1, 2]) {
      const i = v + ((axis + 1) % 3), j = v + ((axis + 2) % 3), a = out[i]!, b = out[j]!, cos = Math.cos(rotation[axis]!), sin = Math.sin(rotation[axis]!);
      out[i] = cos * a - sin * b;
      out[j] = sin * a + cos * b;
    }
    for (const axis of [0, 1, 2]) out[v + axis] = scale * out[v + axis]! + shift[axis]!;
  }
  return still ? joined({ vertices: out, faces: shape.faces }, still) : { vertices: out, faces: shape.faces };
}

const clipOf = (test: SilhouetteCase, placement: Placement): Float64Array => toClip(placed(test, placement), { aspect: SILHOUETTE_SIZE.width / SILHOUETTE_SIZE.height });

/** A picture `[H, W, 3]` at `samples` x `samples` points a pixel, and its fragments. */
function renderAt(test: SilhouetteCase, clip: Float64Array, samples: number) {
  const { shape, still } = test, faces = still ? joined(shape, still).faces : shape.faces, colors = colorsOf(test);
  const height = samples * SILHOUETTE_SIZE.height, width = samples * SILHOUETTE_SIZE.width, sizes = { batch: 1, vertexCount: clip.length / 4, faceCount: faces.length / 3, height, width };
  const fragments = referenceFragments({ vertices: clip, faces, sizes }), image = new Float64Array(3 * height * width), at = { ...fragments, faces };
  interpolateAttributesImpl(colors, at, image, { ...sizes, shared: true, channels: 3, pixels: height * width });
  for (let p = 0; p < height * width; p++) if (fragments.faceIndex[p]! < 0) image.set(BACKGROUND, 3 * p);
  return { image, fragments, faces, colors, sizes };
}

/** The picture as the mean over `samples` x `samples` points of each pixel. */
export function supersampled(test: SilhouetteCase, placement: Placement, samples = 16): Float64Array {
  const { image } = renderAt(test, clipOf(test, placement), samples), { height, width } = SILHOUETTE_SIZE, out = new Float64Array(3 * height * width);
  for (let r = 0; r < samples * height; r++) {
    for (let c = 0; c < samples * width; c++) {
      const from = 3 * (r * samples * width + c), to = 3 * (Math.floor(r / samples) * width + Math.floor(c / samples));
      for (let k = 0; k < 3; k++) out[to + k]! += image[from + k]! / samples ** 2;
    }
  }
  return out;
}

/** The antialiased picture. */
export function antialiased(test: SilhouetteCase, placement: Placement): Float64Array {
  const clip = clipOf(test, placement), { image, fragments, faces, sizes } = renderAt(test, clip, 1), out = new Float64Array(image.length).fill(NaN);
  antialiasEdgesImpl(image, { vertices: clip, faces, edges: meshEdges(faces), ...fragments }, out, { ...sizes, channels: 3 });
  return out;
}

/** The picture at pixel centres, without edges. */
export const plain = (test: SilhouetteCase, placement: Placement): Float64Array => renderAt(test, clipOf(test, placement), 1).image;

/** Gradient of `sum(weights antialiased)` to clip space `[V, 4]`: through barycentrics and through the silhouettes. */
export function clipGradient(test: SilhouetteCase, placement: Placement, weights: Float64Array): Float64Array {
  const clip = clipOf(test, placement), { image, fragments, faces, colors, sizes } = renderAt(test, clip, 1), scene = { vertices: clip, faces, edges: meshEdges(faces), ...fragments };
  const dImage = new Float64Array(image.length).fill(NaN), dBarycentrics = new Float64Array(image.length).fill(NaN), out = new Float64Array(clip.length).fill(NaN), edges = new Float64Array(clip.length).fill(NaN);
  antialiasEdgesBackpropImageImpl(weights, scene, dImage, { ...sizes, channels: 3 });
  interpolateAttributesBackpropBarycentricsImpl(dImage, colors, { ...fragments, faces }, dBarycentrics, { ...sizes, shared: true, channels: 3, pixels: sizes.height * sizes.width });
  rasterizeMeshGradImpl(clip, faces, fragments.faceIndex, fragments.barycentrics, dBarycentrics, out, sizes);
  antialiasEdgesBackpropVerticesImpl(weights, image, scene, edges, { ...sizes, channels: 3 });
  return out.map((g, i) => g + edges[i]!);
}

/** Directions in which a shape can move, by group; each takes a step in units of the scene. */
export function directions(test: SilhouetteCase, seed = 1): Record<string, ((at: Placement, step: number) => Placement)[]> {
  const random = createRandom(seed), count = test.shape.vertices.length, axes = [0, 1, 2], added = (list: readonly number[], i: number, step: number): number[] => list.map((x, k) => (k === i ? x + step : x));
  const chosen = count <= 9 ? Array.from({ length: count }, (_, i) => i) : Array.from({ length: 14 }, () => random.integer(count));
  return {
    translation: axes.map((i) => (at, step) => ({ ...at, shift: added(at.shift, i, step) })),
    scale: [(at, step) => ({ ...at, scale: at.scale + step })],
    rotation: axes.map((i) => (at, step) => ({ ...at, rotation: added(at.rotation, i, step) })),
    vertices: chosen.map((i) => (at, step) => ({ ...at, vertices: at.vertices.map((x, k) => (k === i ? x + step : x)) })),
  };
}

/** The derivative along a direction, from the gradient to clip space. */
export function along(test: SilhouetteCase, at: Placement, gradient: Float64Array, direction: (at: Placement, step: number) => Placement): number {
  const plus = clipOf(test, direction(at, 1e-5)), minus = clipOf(test, direction(at, -1e-5));
  return gradient.reduce((sum, g, i) => sum + (g * (plus[i]! - minus[i]!)) / 2e-5, 0);
}

import { createRandom } from '../../src/core/random.ts';
import { interpolateAttributesBackpropAttributesImpl, interpolateAttributesBackpropBarycentricsImpl, interpolateAttributesImpl } from '../../src/kernels/impl/interpolate-attributes.ts';
import { rasterizeMeshGradImpl } from '../../src/kernels/impl/rasterize-mesh-grad.ts';
import type { RasterSizes } from '../../src/kernels/impl/rasterize-mesh.ts';
import { referenceFragments } from '../../src/kernels/vectors/reference-fragments.ts';

export { referenceFragments, toClip } from '../../src/kernels/vectors/reference-fragments.ts';

/** Clip-space triangles of one batch. */
export interface RasterCase {
  readonly vertices: Float32Array;
  readonly faces: Int32Array;
  readonly sizes: RasterSizes;
}

/** Seeded triangles of a few pixels each, from vertices that several share; the last vertex is isolated, the last face is degenerate. */
export function randomTriangles(seed: number, { batch = 2, vertexCount = 30, faceCount = 40, height = 17, width = 23 } = {}): RasterCase {
  const random = createRandom(seed), vertices = new Float32Array(batch * vertexCount * 4), used = vertexCount - 1;
  for (let v = 0; v < batch * vertexCount; v++) {
    const w = random.uniform(0.4, 3);
    vertices.set([random.uniform(-1.3, 1.3) * w, random.uniform(-1.3, 1.3) * w, random.uniform(-0.95, 0.95) * w, w], 4 * v);
  }
  const faces = Int32Array.from({ length: 3 * faceCount }, () => random.integer(used));
  faces.set([1, 1, 2], 3 * faceCount - 3);
  return { vertices, faces, sizes: { batch, vertexCount, faceCount, height, width } };
}

/** The reference's image of attributes `[B or 1, V, C]`, and the gradients of `sum(dy image)` to vertices and attributes. */
export function referenceRender(scene: { vertices: Float32Array | Float64Array; faces: Int32Array; sizes: RasterSizes }, attributes: Float32Array | Float64Array, channels: number, shared: boolean, dy?: Float32Array | Float64Array) {
  const { vertices, faces, sizes } = scene, fragments = referenceFragments(scene), pixels = sizes.height * sizes.width;
  const interpolation = { batch: sizes.batch, shared, vertexCount: sizes.vertexCount, channels, pixels }, at = { ...fragments, faces };
  const image = new Float64Array(sizes.batch * pixels * channels).fill(NaN);
  interpolateAttributesImpl(attributes, at, image, interpolation);
  const dAttributes = new Float64Array(attributes.length).fill(NaN), dBarycentrics = new Float64Array(fragments.barycentrics.length).fill(NaN);
  const dVertices = new Float64Array(vertices.length).fill(NaN);
  if (dy) {
    interpolateAttributesBackpropAttributesImpl(dy, at, dAttributes, interpolation);
    interpolateAttributesBackpropBarycentricsImpl(dy, attributes, at, dBarycentrics, interpolation);
    rasterizeMeshGradImpl(vertices, faces, fragments.faceIndex, fragments.barycentrics, dBarycentrics, dVertices, sizes);
  }
  return { ...fragments, image, dAttributes, dBarycentrics, dVertices };
}

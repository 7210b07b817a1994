import type { FloatArray } from '../../sparse/csr-matrix.ts';

/** Sizes of an interpolation: `attributes [shared ? 1 : batch, vertexCount, channels]` over `pixels` = H W pixels a sample. */
export interface InterpolationSizes {
  readonly batch: number;
  readonly shared: boolean;
  readonly vertexCount: number;
  readonly channels: number;
  readonly pixels: number;
}

/** What the pixels see: `faceIndex [B, pixels]`, `barycentrics [B, pixels, 3]` of `faces [F, 3]`. */
export interface Interpolation {
  readonly faces: Int32Array;
  readonly faceIndex: Int32Array;
  readonly barycentrics: FloatArray;
}

/**
 * Position of the first index out of range: in `faces`, or `faces.length` + that in `faceIndex`; -1 if there is none.
 */
export function strayFragment({ faces, faceIndex }: Interpolation, vertexCount: number): number {
  const stray = faces.findIndex((v) => v < 0 || v >= vertexCount);
  if (stray >= 0) return stray;
  const strayFace = faceIndex.findIndex((f) => f < -1 || f >= faces.length / 3);
  return strayFace < 0 ? -1 : faces.length + strayFace;
}

/**
 * Reference kernel: `out[b, p, c] = sum over corners i of barycentrics[b, p, i] attributes[b, corner i of the face at p, c]`, 0 on background.
 * Overwrites `out`.
 *
 * @param attributes - `[B or 1, V, C]`
 * @param out - `[B, pixels, C]`
 * @returns As {@link strayFragment}; where it is not -1 nothing is written.
 */
export function interpolateAttributesImpl(attributes: FloatArray, at: Interpolation, out: FloatArray, sizes: InterpolationSizes): number {
  const { batch, shared, vertexCount, channels, pixels } = sizes, { faces, faceIndex, barycentrics } = at;
  const stray = strayFragment(at, vertexCount);
  if (stray >= 0) return stray;
  out.fill(0);
  for (let p = 0; p < batch * pixels; p++) {
    const f = faceIndex[p]!, base = shared ? 0 : Math.floor(p / pixels) * vertexCount;
    if (f < 0) continue;
    for (let i = 0; i < 3; i++) {
      const weight = barycentrics[3 * p + i]!, row = (base + faces[3 * f + i]!) * channels;
      for (let c = 0; c < channels; c++) out[p * channels + c]! += weight * attributes[row + c]!;
    }
  }
  return -1;
}

/**
 * Reference kernel: the adjoint of {@link interpolateAttributesImpl} in the attributes, a sum in the order of the pixels.
 * Overwrites `out`.
 *
 * @param dy - `[B, pixels, C]`
 * @param out - `[B or 1, V, C]`
 * @returns As {@link strayFragment}.
 */
export function interpolateAttributesBackpropAttributesImpl(dy: FloatArray, at: Interpolation, out: FloatArray, sizes: InterpolationSizes): number {
  const { batch, shared, vertexCount, channels, pixels } = sizes, { faces, faceIndex, barycentrics } = at;
  const stray = strayFragment(at, vertexCount);
  if (stray >= 0) return stray;
  out.fill(0);
  for (let p = 0; p < batch * pixels; p++) {
    const f = faceIndex[p]!, base = shared ? 0 : Math.floor(p / pixels) * vertexCount;
    if (f < 0) continue;
    for (let i = 0; i < 3; i++) {
      const weight = barycentrics[3 * p + i]!, row = (base + faces[3 * f + i]!) * channels;
      for (let c = 0; c < channels; c++) out[row + c]! += weight * dy[p * channels + c]!;
    }
  }
  return -1;
}

/**
 * Reference kernel: the adjoint of {@link interpolateAttributesImpl} in the barycentrics: `out[b, p, i] = dy[b, p] . attributes[corner i]`, 0 on
 * background. Overwrites `out`.
 *
 * @param dy - `[B, pixels, C]`
 * @param attributes - `[B or 1, V, C]`
 * @param out - `[B, pixels, 3]`
 * @returns As {@link strayFragment}.
 */
export function interpolateAttributesBackpropBarycentricsImpl(
  dy: FloatArray, attributes: FloatArray, at: Interpolation, out: FloatArray, sizes: InterpolationSizes,
): number {
  const { batch, shared, vertexCount, channels, pixels } = sizes, { faces, faceIndex } = at;
  const stray = strayFragment(at, vertexCount);
  if (stray >= 0) return stray;
  for (let p = 0; p < batch * pixels; p++) {
    const f = faceIndex[p]!, base = shared ? 0 : Math.floor(p / pixels) * vertexCount;
    for (let i = 0; i < 3; i++) {
      let sum = 0;
      if (f >= 0) {
        const row = (base + faces[3 * f + i]!) * channels;
        for (let c = 0; c < channels; c++) sum += dy[p * channels + c]! * attributes[row + c]!;
      }
      out[3 * p + i] = sum;
    }
  }
  return -1;
}

import { strayFace } from './rasterize-mesh';

// Attributes come in rows filled up with zeros to whole vectors (`wide` channels); rows of pixels are as they are, `channels` apart. What a
// vector takes beyond its pixel belongs to the next ones; for pixels near the end there is `tail`, scratch of `wide` floats.

/** {@link interpolateRows}, by a copy of it for rows of one vector: a loop over one costs a quarter more. */
export function interpolateAttributes(
  attributes: usize, faces: usize, faceIndex: usize, barycentrics: usize, out: usize, tail: usize,
  batch: i32, shared: bool, vertexCount: i32, faceCount: i32, channels: i32, wide: i32, pixels: i32,
): i32 {
  return wide == 4
    ? interpolateRows(attributes, faces, faceIndex, barycentrics, out, tail, batch, shared, vertexCount, faceCount, channels, 16, pixels)
    : interpolateRows(attributes, faces, faceIndex, barycentrics, out, tail, batch, shared, vertexCount, faceCount, channels, <usize>wide << 2, pixels);
}

/**
 * out[B,pixels,C] = sum over corners of barycentrics times attributes, 0 on background; mirrors src/kernels/impl/interpolate-attributes.ts.
 *
 * @param attributes - `[shared ? 1 : B, V, wide]`
 * @param row - Bytes of a row of attributes.
 * @returns As the reference: where it stopped, or -1.
 */
// @ts-ignore: decorator
@inline
function interpolateRows(
  attributes: usize, faces: usize, faceIndex: usize, barycentrics: usize, out: usize, tail: usize,
  batch: i32, shared: bool, vertexCount: i32, faceCount: i32, channels: i32, row: usize, pixels: i32,
): i32 {
  const strayIndex = strayFace(faces, 3 * faceCount, vertexCount);
  if (strayIndex >= 0) return strayIndex;
  const stride = <usize>channels << 2, sample = <usize>vertexCount * row, safe = safePixels(batch * pixels, channels), zero = f32x4.splat(0);
  for (let b = 0, p = 0, table = attributes; b < batch; b++, table += shared ? 0 : sample) {
    for (const end = (b + 1) * pixels; p < end; p++) {
      const f = load<i32>(faceIndex + (<usize>p << 2)), target = p < safe ? out + <usize>p * stride : tail;
      if (f < 0) {
        if (f != -1) return 3 * faceCount + p;
        for (let j: usize = 0; j < row; j += 16) v128.store(target + j, zero);
        if (p >= safe) memory.copy(out + <usize>p * stride, tail, stride);
        continue;
      }
      if (f >= faceCount) return 3 * faceCount + p;
      const face = faces + <usize>f * 12, weights = barycentrics + <usize>p * 12;
      const a0 = table + <usize>load<u32>(face) * row, a1 = table + <usize>load<u32>(face, 4) * row, a2 = table + <usize>load<u32>(face, 8) * row;
      const b0 = v128.load32_splat(weights), b1 = v128.load32_splat(weights, 4), b2 = v128.load32_splat(weights, 8);
      for (let j: usize = 0; j < row; j += 16) {
        v128.store(target + j, f32x4.add(f32x4.add(f32x4.mul(b0, v128.load(a0 + j)), f32x4.mul(b1, v128.load(a1 + j))), f32x4.mul(b2, v128.load(a2 + j))));
      }
      if (p >= safe) memory.copy(out + <usize>p * stride, tail, stride);
    }
  }
  return -1;
}

/** {@link scatterRowsOfPixels}, by a copy of it for rows of one vector. */
export function interpolateAttributesBackpropAttributes(
  dy: usize, faces: usize, faceIndex: usize, barycentrics: usize, sums: usize, tail: usize,
  batch: i32, shared: bool, vertexCount: i32, faceCount: i32, channels: i32, wide: i32, pixels: i32,
): i32 {
  return wide == 4
    ? scatterRowsOfPixels(dy, faces, faceIndex, barycentrics, sums, tail, batch, shared, vertexCount, faceCount, channels, 16, pixels)
    : scatterRowsOfPixels(dy, faces, faceIndex, barycentrics, sums, tail, batch, shared, vertexCount, faceCount, channels, <usize>wide << 2, pixels);
}

/** sums[batch or 1,V,wide] = the adjoint in the attributes; overwritten. Returns as {@link interpolateRows}. */
// @ts-ignore: decorator
@inline
function scatterRowsOfPixels(
  dy: usize, faces: usize, faceIndex: usize, barycentrics: usize, sums: usize, tail: usize,
  batch: i32, shared: bool, vertexCount: i32, faceCount: i32, channels: i32, row: usize, pixels: i32,
): i32 {
  const strayIndex = strayFace(faces, 3 * faceCount, vertexCount);
  if (strayIndex >= 0) return strayIndex;
  const stride = <usize>channels << 2, sample = <usize>vertexCount * row, safe = safePixels(batch * pixels, channels);
  memory.fill(sums, 0, shared ? sample : <usize>batch * sample);
  for (let b = 0, p = 0, table = sums; b < batch; b++, table += shared ? 0 : sample) {
    for (const end = (b + 1) * pixels; p < end; p++) {
      const f = load<i32>(faceIndex + (<usize>p << 2)), source = p < safe ? dy + <usize>p * stride : tail;
      if (f < 0) {
        if (f != -1) return 3 * faceCount + p;
        continue;
      }
      if (f >= faceCount) return 3 * faceCount + p;
      if (p >= safe) memory.copy(tail, dy + <usize>p * stride, stride);
      const face = faces + <usize>f * 12, weights = barycentrics + <usize>p * 12;
      const a0 = table + <usize>load<u32>(face) * row, a1 = table + <usize>load<u32>(face, 4) * row, a2 = table + <usize>load<u32>(face, 8) * row;
      const b0 = v128.load32_splat(weights), b1 = v128.load32_splat(weights, 4), b2 = v128.load32_splat(weights, 8);
      for (let j: usize = 0; j < row; j += 16) {
        const d = v128.load(source + j);
        v128.store(a0 + j, f32x4.add(v128.load(a0 + j), f32x4.mul(b0, d)));
        v128.store(a1 + j, f32x4.add(v128.load(a1 + j), f32x4.mul(b1, d)));
        v128.store(a2 + j, f32x4.add(v128.load(a2 + j), f32x4.mul(b2, d)));
      }
    }
  }
  return -1;
}

/** out[B,pixels,3] = dy . attributes of each corner, 0 on background. Returns as {@link interpolateRows}. */
export function interpolateAttributesBackpropBarycentrics(
  dy: usize, attributes: usize, faces: usize, faceIndex: usize, out: usize, tail: usize,
  batch: i32, shared: bool, vertexCount: i32, faceCount: i32, channels: i32, wide: i32, pixels: i32,
): i32 {
  const strayIndex = strayFace(faces, 3 * faceCount, vertexCount);
  if (strayIndex >= 0) return strayIndex;
  const stride = <usize>channels << 2, row = <usize>wide << 2, sample = <usize>vertexCount * row, safe = safePixels(batch * pixels, channels), zero = f32x4.splat(0);
  // Lanes of the last vector that belong to the pixel.
  const own = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(channels - wide + 4));
  memory.fill(out, 0, <usize>batch * <usize>pixels * 12);
  for (let b = 0, p = 0, table = attributes; b < batch; b++, table += shared ? 0 : sample) {
    for (const end = (b + 1) * pixels; p < end; p++) {
      const f = load<i32>(faceIndex + (<usize>p << 2)), source = p < safe ? dy + <usize>p * stride : tail;
      if (f < 0) {
        if (f != -1) return 3 * faceCount + p;
        continue;
      }
      if (f >= faceCount) return 3 * faceCount + p;
      if (p >= safe) memory.copy(tail, dy + <usize>p * stride, stride);
      const face = faces + <usize>f * 12, target = out + <usize>p * 12;
      const a0 = table + <usize>load<u32>(face) * row, a1 = table + <usize>load<u32>(face, 4) * row, a2 = table + <usize>load<u32>(face, 8) * row;
      let s0 = zero, s1 = zero, s2 = zero, j: usize = 0;
      for (; j + 16 < row; j += 16) {
        const d = v128.load(source + j);
        s0 = f32x4.add(s0, f32x4.mul(d, v128.load(a0 + j))); s1 = f32x4.add(s1, f32x4.mul(d, v128.load(a1 + j))); s2 = f32x4.add(s2, f32x4.mul(d, v128.load(a2 + j)));
      }
      const d = v128.and(v128.load(source + j), own);
      s0 = f32x4.add(s0, f32x4.mul(d, v128.load(a0 + j))); s1 = f32x4.add(s1, f32x4.mul(d, v128.load(a1 + j))); s2 = f32x4.add(s2, f32x4.mul(d, v128.load(a2 + j)));
      // Three sums across lanes at once: (s0 s0 s1 s1), (s2 s2 - -), then (s0 s1 s2 -).
      const t01 = f32x4.add(v128.shuffle<i32>(s0, s1, 0, 1, 4, 5), v128.shuffle<i32>(s0, s1, 2, 3, 6, 7)), t2 = f32x4.add(s2, v128.shuffle<i32>(s2, s2, 2, 3, 2, 3));
      const sums = f32x4.add(v128.shuffle<i32>(t01, t2, 0, 2, 4, 4), v128.shuffle<i32>(t01, t2, 1, 3, 5, 5));
      v128.store64_lane(target, sums, 0);
      v128.store32_lane(target, sums, 2, 8);
    }
  }
  return -1;
}

/** Pixels whose vectors end within the image: up to three floats are taken beyond a pixel. */
// @ts-ignore: decorator
@inline
function safePixels(count: i32, channels: i32): i32 {
  return channels % 4 == 0 ? count : count - (channels == 1 ? 3 : 1);
}

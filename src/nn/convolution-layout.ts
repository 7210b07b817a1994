/**
 * Reorders a convolution's weights from PyTorch's `[out, in, height, width]` to TensorFlow's `[height, width, in, out]`. A depthwise one,
 * `[channels, 1, height, width]`, becomes `[height, width, 1, channels]`: the same numbers as TensorFlow's `[height, width, channels, 1]`.
 */
export function toTensorflowLayout(data: Float32Array, [outputs, inputs, height, width]: readonly number[]): Float32Array {
  const out = new Float32Array(data.length), taps = height! * width!;
  for (let o = 0, at = 0; o < outputs!; o++) for (let i = 0; i < inputs!; i++) for (let tap = 0; tap < taps; tap++) out[(tap * inputs! + i) * outputs! + o] = data[at++]!;
  return out;
}

/** The way back of {@link toTensorflowLayout}; `shape` is PyTorch's. */
export function toTorchLayout(data: Float32Array, [outputs, inputs, height, width]: readonly number[]): Float32Array {
  const out = new Float32Array(data.length), taps = height! * width!;
  for (let o = 0, at = 0; o < outputs!; o++) for (let i = 0; i < inputs!; i++) for (let tap = 0; tap < taps; tap++) out[at++] = data[(tap * inputs! + i) * outputs! + o]!;
  return out;
}

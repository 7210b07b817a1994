/** Luma of sRGB values (ITU-R BT.601), as grey photographs are made. */
export const LUMA = [0.299, 0.587, 0.114] as const;

/** Colours as a grey photograph shows them: `[n * 3]`, each three times its {@link LUMA}. */
export function greyColors(colors: ArrayLike<number>): Float32Array {
  const out = new Float32Array(colors.length);
  for (let i = 0; i < out.length; i += 3) out.fill(LUMA[0] * colors[i]! + LUMA[1] * colors[i + 1]! + LUMA[2] * colors[i + 2]!, i, i + 3);
  return out;
}

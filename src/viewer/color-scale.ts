import { oklabFromSrgb, srgbFromOklab } from './oklab.ts';

const SAMPLES = 1024;

/** Dark violet over red to light yellow, in OKLab: lightness rises evenly, hue turns on, all colours within sRGB. */
function path(t: number): [number, number, number] {
  const hue = ((285 + 175 * t) * Math.PI) / 180, chroma = 0.085 + 0.085 * Math.sin(Math.PI * Math.min(1, 1.15 * t));
  const [r, g, b] = srgbFromOklab([0.2 + 0.73 * t, chroma * Math.cos(hue), chroma * Math.sin(hue)]);
  return [...oklabFromSrgb(r, g, b)];
}

let lengths: Float64Array | undefined;

/** Length of the path up to each of its samples, as a share of the whole. */
function pathLengths(): Float64Array {
  if (lengths) return lengths;
  const sum = new Float64Array(SAMPLES + 1);
  for (let i = 1, before = path(0); i <= SAMPLES; i++) {
    const now = path(i / SAMPLES);
    sum[i] = sum[i - 1]! + Math.hypot(now[0] - before[0], now[1] - before[1], now[2] - before[2]);
    before = now;
  }
  return lengths = sum.map((x) => x / sum[SAMPLES]!);
}

/** The colour of a value in [0, 1], sRGB: equal steps of the value are equal steps of what one sees (OKLab), darkest at 0. */
export function scaleColor(value: number): [red: number, green: number, blue: number] {
  const share = Math.min(1, Math.max(0, value)), sums = pathLengths();
  let low = 0, high = SAMPLES;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sums[middle]! <= share) low = middle;
    else high = middle;
  }
  const width = sums[high]! - sums[low]!;
  return srgbFromOklab(path((low + (width > 0 ? (share - sums[low]!) / width : 0)) / SAMPLES));
}

/** The scale as a row of `count` pixels, RGBA bytes: for a texture. */
export function scalePixels(count: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(4 * count).fill(255);
  for (let i = 0; i < count; i++) scaleColor(i / (count - 1)).forEach((x, k) => { out[4 * i + k] = Math.round(255 * x); });
  return out;
}

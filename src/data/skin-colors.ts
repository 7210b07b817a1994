import type { MakeHumanAssets, Texture } from './makehuman.ts';

/** Colours of every skin at the vertices, `[V, 3]` sRGB in [0, 1], bilinear; (0, 0) of `uvs` is the bottom left. */
export function skinColors({ skins }: Pick<MakeHumanAssets, 'skins'>, names: readonly string[], uvs: ArrayLike<number>): Float32Array[] {
  return names.map((name) => sample(skins.get(name)!, uvs));
}

function sample({ width, height, data }: Texture, uvs: ArrayLike<number>): Float32Array {
  const count = uvs.length / 2, out = new Float32Array(3 * count);
  for (let v = 0; v < count; v++) {
    const x = uvs[2 * v]! * width - 0.5, y = (1 - uvs[2 * v + 1]!) * height - 0.5, left = Math.floor(x), top = Math.floor(y);
    for (const [dx, dy, w] of [[0, 0, (left + 1 - x) * (top + 1 - y)], [1, 0, (x - left) * (top + 1 - y)], [0, 1, (left + 1 - x) * (y - top)], [1, 1, (x - left) * (y - top)]] as const) {
      const o = 3 * (Math.min(height - 1, Math.max(0, top + dy)) * width + Math.min(width - 1, Math.max(0, left + dx)));
      for (let k = 0; k < 3; k++) out[3 * v + k]! += w * data[o + k]! / 255;
    }
  }
  return out;
}

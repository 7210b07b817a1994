import { cover, type HeadCanvas, tint } from './head-canvas.ts';
import { mixColors } from './head-palette.ts';
import { smoothstep } from './smoothstep.ts';

/** Places that flush, shine or sink, right side, mm: x, y, z, radius. */
const CHEEK = [-36, -14, 48, 17] as const, NOSE = [0, -15, 82, 13] as const, UNDER_EYE = [-29, 7, 55, 9] as const, FOREHEAD = [0, 52, 66, 26] as const, CHIN = [0, -74, 62, 14] as const;

/** Blood, shadow and grease: flushed or pale places, rings under the eyes, soft patches, and what light from all sides leaves dark. */
export function paintSkin(canvas: HeadCanvas, hollow: Float64Array, wideHollow: Float64Array): void {
  const { random, fields: { position, part }, traits } = canvas;
  const flush = random.uniform() < 0.3 ? random.uniform(0, 0.16) : random.normal(0.02, 0.03), rings = random.uniform(0, 0.1 + 0.15 * traits.age[2]), shine = 0.2 * random.uniform() ** 2;
  const patches = Array.from({ length: 7 }, () => {
    const at = random.integer(part.length), light = random.normal(0, 0.04), red = random.normal(0, 0.018);
    return { p: [0, 1, 2].map((k) => position[3 * at + k]!), radius: random.uniform(12, 45), gain: [light + red, light - 0.5 * red, light - 0.7 * red] };
  });
  const shade = random.uniform(0, 0.25), wideShade = random.uniform(-0.03, 0.06);
  const near = (v: number, [x, y, z, radius]: readonly [number, number, number, number]): number => {
    const dx = -Math.abs(position[3 * v]!) - x, dy = position[3 * v + 1]! - y, dz = position[3 * v + 2]! - z, d = (dx * dx + dy * dy + dz * dz) / (radius * radius);
    return d > 8 ? 0 : Math.exp(-d);
  };
  for (let v = 0; v < part.length; v++) {
    if (part[v] !== 'skin') continue;
    const red = flush * (near(v, CHEEK) + 0.4 * near(v, NOSE) + 0.5 * near(v, CHIN)), ring = rings * near(v, UNDER_EYE), light = shine * (near(v, FOREHEAD) + near(v, NOSE) + 0.6 * near(v, CHEEK));
    let [r, g, b] = [1 + 0.3 * red - ring + light, 1 - red - ring + light, 1 - 0.8 * red - 0.7 * ring + light];
    for (const { p, radius, gain } of patches) {
      const dx = position[3 * v]! - p[0]!, dy = position[3 * v + 1]! - p[1]!, dz = position[3 * v + 2]! - p[2]!, d = (dx * dx + dy * dy + dz * dz) / (radius * radius);
      if (d > 8) continue;
      const w = Math.exp(-d);
      r += w * gain[0]!;
      g += w * gain[1]!;
      b += w * gain[2]!;
    }
    const dark = 1 - shade * smoothstep(0, 1.2, hollow[v]!) - wideShade * Math.max(-0.7, Math.min(2, wideHollow[v]! / 2));
    tint(canvas, v, r * dark, g * dark * (1 - 0.15 * (1 - dark)), b * dark * (1 - 0.2 * (1 - dark)));
  }
  const nostril = random.uniform(0.5, 0.9);
  for (let v = 0; v < part.length; v++) cover(canvas, v, mixColors(canvas.face, [0.1, 0.03, 0.02], 0.85), nostril * canvas.fields.nostril[v]!);
}

import { cover, type HeadCanvas, tint } from './head-canvas.ts';
import { mixColors, scaleColor } from './head-palette.ts';
import { smoothstep } from './smoothstep.ts';

/** Brows: colour, breadth, arch, height, length and density vary. */
export function paintBrows(canvas: HeadCanvas): void {
  const { random, traits, hair, fields: { browAlong, browOffset } } = canvas;
  const color = mixColors(scaleColor(hair, random.uniform(0.6, 1)), canvas.face, random.uniform(0, 0.2)), female = 1 - traits.male;
  const breadth = random.uniform(1.8, 4.8) * (1 - 0.25 * female), density = random.uniform(0.25, 0.95), arch = random.uniform(-0.7, 2), lift = random.normal(0, 1.2), tail = random.uniform(0.8, 1.02), slope = random.normal(0, 1.2), soft = random.uniform(0.8, 1.8);
  for (let v = 0; v < browAlong.length; v++) {
    const u = browAlong[v]!;
    if (Number.isNaN(u)) continue;
    const offset = browOffset[v]! - lift - arch * Math.sin(Math.PI * Math.min(1, u * 0.9)) - slope * (u - 0.5), half = breadth * (1 - 0.6 * u * u) * (0.75 + 0.25 * smoothstep(0, 0.15, u));
    const edge = smoothstep(half + soft, half - soft, Math.abs(offset)), ends = smoothstep(0, 0.16, u) * smoothstep(tail + 0.04, tail - 0.12, u);
    cover(canvas, v, color, density * edge * ends * (0.8 + 0.2 * smoothstep(0, 0.3, u)));
  }
}

/** Shadow of a shave, stubble, moustache, chin beard or full beard, mostly on men; hair on the scalp. */
export function paintBeard(canvas: HeadCanvas): void {
  const { random, traits, hair, fields: { beard, lips, position, scalp, part } } = canvas, kind = random.uniform(), man = random.uniform() < traits.male && traits.age[0] < 0.3;
  const full = kind < 0.14, partial = kind > 0.86, density = full ? random.uniform(0.45, 0.95) : random.uniform(0, 0.42) * random.uniform(0.2, 1), edge = random.uniform(3, 9), raise = random.normal(full ? 0 : -2, 3);
  const color = full || partial ? scaleColor(hair, random.uniform(0.8, 1.15)) : mixColors(hair, [0.3, 0.32, 0.34], 0.45), chinOnly = partial && random.uniform() < 0.5, solid = random.uniform(0.4, 0.95);
  const bald = random.uniform() < 0.25, line = random.uniform(-12, 9), sweep = random.normal(0, 0.12), low = random.uniform() < 0.5 * (1 - traits.male) ? random.uniform(4, 16) : 0, thick = random.uniform(0.75, 1), scalpEdge = random.uniform(2, 6), scalpColor = scaleColor(hair, random.uniform(0.8, 1.2));
  for (let v = 0; v < part.length; v++) {
    if (part[v] !== 'skin') continue;
    const x = Math.abs(position[3 * v]!), y = position[3 * v + 1]!, bare = 1 - lips[v]!;
    if (man) {
      const inside = smoothstep(-edge, edge, beard[v]! + raise), underLip = smoothstep(9, 3, x) * smoothstep(-68, -64, y) * smoothstep(-58, -61, y);
      cover(canvas, v, color, density * inside * bare * (1 - 0.5 * underLip) * (0.75 + 0.25 * smoothstep(45, 20, x)));
      if (partial) {
        const moustache = smoothstep(25, 18, x) * smoothstep(-2, 2, beard[v]!) * smoothstep(-47, -42, y), chin = smoothstep(24, 17, x) * smoothstep(-60, -66, y);
        cover(canvas, v, color, solid * bare * Math.max(chinOnly ? 0 : moustache, chinOnly || solid > 0.6 ? chin : 0));
      }
    }
    if (!bald) cover(canvas, v, scalpColor, thick * smoothstep(-scalpEdge, scalpEdge, scalp[v]! + line + (y > 40 ? sweep * position[3 * v]! : 0) + low));
    else tint(canvas, v, 1 - 0.1 * smoothstep(-4, 8, scalp[v]!));
  }
}

import { cover, type HeadCanvas, tint } from './head-canvas.ts';
import { type Color, mixColors, scaleColor } from './head-palette.ts';
import { smoothstep } from './smoothstep.ts';

/** Lips redder or browner than the face, at times with lipstick; a dark cavity; teeth with gums. */
export function paintMouth(canvas: HeadCanvas): void {
  const { random, traits, face, tone, fields: { part, position, lips } } = canvas;
  const made = traits.male < 0.5 && random.uniform() < 0.5;
  const natural = mixColors(mixColors(face, scaleColor(face, 0.92, 0.68, 0.72), random.uniform(0, 1)), [0.45, 0.22, 0.24], 0.15 + 0.2 * tone);
  const stick: Color = [random.uniform(0.5, 0.8), random.uniform(0.1, 0.4), random.uniform(0.15, 0.42)];
  const color = made ? mixColors(natural, stick, random.uniform(0.2, 0.9)) : natural, strength = made ? random.uniform(0.4, 0.85) : random.uniform(0, 0.6);
  const bright = random.uniform(0.8, 1.1), yellow = random.uniform(0.78, 0.97), gum: Color = mixColors([0.68, 0.36, 0.36], [0.35, 0.2, 0.2], tone * 0.7), depth = random.uniform(0.3, 0.8);
  for (let v = 0; v < part.length; v++) {
    const x = Math.abs(position[3 * v]!), y = position[3 * v + 1]!, z = position[3 * v + 2]!;
    if (part[v] === 'skin') cover(canvas, v, color, strength * lips[v]!);
    else if (part[v] === 'mouth') cover(canvas, v, mixColors(mixColors(color, [0.4, 0.14, 0.13], 0.6), [0.08, 0.03, 0.03], smoothstep(70, 45, z)), 1);
    else if (part[v] === 'upper teeth' || part[v] === 'lower teeth') {
      const root = part[v] === 'upper teeth' ? smoothstep(-40.5, -38, y) : smoothstep(-56, -62, y);
      cover(canvas, v, mixColors([0.92 * bright, 0.9 * bright * (0.5 + 0.5 * yellow), 0.88 * bright * yellow], gum, root), 1);
      tint(canvas, v, (1 - 0.7 * depth * smoothstep(16, 32, x)) * (part[v] === 'lower teeth' ? 0.85 : 1));
    }
  }
}

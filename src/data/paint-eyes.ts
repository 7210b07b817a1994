import { cover, type HeadCanvas, tint } from './head-canvas.ts';
import { type Color, mixColors, sampleIris, scaleColor } from './head-palette.ts';
import { smoothstep } from './smoothstep.ts';

const EYE_HEIGHT = 17, EYE_X = 28.9;

/** Irises with pupil and dark rim, sclera shaded by the lid, the line of the lashes, at times shadow and liner. */
export function paintEyes(canvas: HeadCanvas): void {
  const { random, traits, fields: { part, position, eyeAngle, upperLid, lowerLid } } = canvas;
  const iris = sampleIris(random, canvas.tone), radius = random.uniform(18.5, 23), pupil = random.uniform(5.5, 10), rim = random.uniform(0.35, 0.75);
  const white = scaleColor(mixColors([0.9, 0.88, 0.86], [0.86, 0.72, 0.66], random.uniform(0, 0.4)), random.uniform(0.6, 0.98)), shade = random.uniform(0.1, 0.45), glint = random.uniform() < 0.6 ? random.uniform(0, 0.4) : 0;
  for (let v = 0; v < part.length; v++) {
    const y = position[3 * v + 1]! - EYE_HEIGHT, x = Math.abs(position[3 * v]!) - EYE_X;
    if (part[v] === 'socket') cover(canvas, v, mixColors(canvas.face, [0.55, 0.25, 0.22], 0.55), 1);
    if (part[v] !== 'eyeball') continue;
    const a = eyeAngle[v]!, corner = smoothstep(6, 12, Math.abs(x));
    const ball = mixColors(white, [0.7, 0.42, 0.37], 0.35 * corner), ring = mixColors(scaleColor(iris, 1.15), scaleColor(iris, rim), smoothstep(radius - 6, radius - 0.5, a));
    cover(canvas, v, mixColors(mixColors([0.03, 0.025, 0.025], ring, smoothstep(pupil - 2, pupil + 2, a)), ball, smoothstep(radius - 1.5, radius + 1.5, a)), 1);
    cover(canvas, v, [0.9, 0.9, 0.92], glint * smoothstep(12, 5, a)); // lamps mirrored in the cornea, as wide as a photograph blurs them
    tint(canvas, v, (1 - shade * smoothstep(0.5, 5.5, y)) * (1 - 0.2 * corner));
  }
  const dark: Color = mixColors(scaleColor(canvas.hair, 0.35), [0.06, 0.04, 0.04], 0.5), female = 1 - traits.male, made = female > 0.5 && random.uniform() < 0.6;
  const upper = random.uniform(0.25, 0.7) + (made ? 0.25 : 0), lower = random.uniform(0.05, 0.35) + (made ? 0.15 : 0), broad = random.uniform(1, 2) + (made ? 0.4 : 0);
  const shadow = made && random.uniform() < 0.6 ? random.uniform(0.05, 0.4) : 0, shadowColor: Color = [random.uniform(0.2, 0.6), random.uniform(0.18, 0.4), random.uniform(0.2, 0.5)], crease = random.uniform(0, 0.15);
  for (let v = 0; v < part.length; v++) {
    if (part[v] !== 'skin') continue;
    const up = upperLid[v]!, down = lowerLid[v]!;
    if (up > 14 && down > 6) continue;
    const above = up < down;
    if (above) {
      tint(canvas, v, 1 - crease * smoothstep(8, 3, up));
      cover(canvas, v, shadowColor, shadow * smoothstep(9, 3, up));
    }
    cover(canvas, v, dark, Math.min(0.95, above ? upper * smoothstep(broad, 0.2, up) : lower * smoothstep(0.8 * broad, 0.1, down)));
  }
}

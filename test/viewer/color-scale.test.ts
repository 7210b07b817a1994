import { expect, it } from 'vitest';
import { scaleColor, scalePixels } from '../../src/viewer/color-scale.ts';
import { oklabFromSrgb } from '../../src/viewer/oklab.ts';

it('rises in lightness by equal steps that look equal', () => {
  const colors = Array.from({ length: 33 }, (_, i) => oklabFromSrgb(...scaleColor(i / 32)));
  const steps = colors.slice(1).map((color, i) => Math.hypot(...color.map((x, k) => x - colors[i]![k]!)));
  for (const [i, color] of colors.slice(1).entries()) expect(color[0]).toBeGreaterThan(colors[i]![0]);
  expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.05);
  expect(colors[0]![0]).toBeLessThan(0.25);
  expect(colors[32]![0]).toBeGreaterThan(0.9);
});

it('holds its ends, and is a texture', () => {
  expect(scaleColor(-3)).toEqual(scaleColor(0));
  expect(scaleColor(9)).toEqual(scaleColor(1));
  const pixels = scalePixels(5);
  expect([...pixels.subarray(16, 20)]).toEqual([...scaleColor(1).map((x) => Math.round(255 * x)), 255]);
});

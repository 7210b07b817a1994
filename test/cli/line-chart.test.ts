import { expect, it } from 'vitest';
import { lineChart } from '../../src/cli/line-chart.ts';
import { decodeImage } from '../../src/io/node-image.ts';

const axis = { label: 'a < b', min: 0, max: 1, step: 0.5 };

it('draws curves where they belong, with axes and a legend, on white', async () => {
  const svg = lineChart({ title: 'A & B', subtitle: 'x'.repeat(200), x: axis, y: { ...axis, max: 100, step: 25 }, series: [{ name: 'one', points: [[0, 50], [1, 50]] }, { name: 'two', points: [[0.5, 0], [0.5, 500]] }] });
  expect(svg).toContain('A &amp; B');
  expect(svg).toContain('a &lt; b');
  expect(svg).toContain(`>${'x'.repeat(109)}…<`);
  expect([...svg.matchAll(/>([\d.]+)<\/text>/g)].map(([, tick]) => tick)).toEqual(['0.0', '0.5', '1.0', '0', '25', '50', '75', '100']);
  const { width, height, data } = await decodeImage(new TextEncoder().encode(svg)), pixel = (x: number, y: number): number[] => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  expect([width, height]).toEqual([800, 600]);
  expect(pixel(2, 2)).toEqual([255, 255, 255]);
  expect(pixel(600, 295)).toEqual([0, 114, 178]); // half way up the plot, from 55 to 535
  expect(Math.abs(pixel(425, 160)[0]! - 213)).toBeLessThan(43); // dashes of the second, half way across
  expect(pixel(425, 50)).toEqual([255, 255, 255]); // cut off above the plot
});

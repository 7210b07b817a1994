import { expect, it } from 'vitest';
import { labelledGrid } from '../../src/cli/labelled-grid.ts';
import type { PixelImage } from '../../src/io/image.ts';

const plain = (level: number): PixelImage => ({ width: 20, height: 20, channels: 3, data: new Uint8Array(1200).fill(level) });

it('puts pictures where rows and columns meet, labels around them, white where a row is short', async () => {
  const { width, height, data } = await labelledGrid({ title: 'a <b> & c', columns: ['one', 'two'], rows: ['first\nrow', 'second'], cells: [[plain(10), plain(20)], [plain(30)]] });
  expect([width, height]).toEqual([126 + 40, 54 + 40]);
  const at = (x: number, y: number): number => data[3 * (y * width + x)]!;
  expect([at(126, 54), at(145, 73), at(146, 54), at(126, 74), at(146, 74)]).toEqual([10, 10, 20, 30, 255]);
  const dark = (x0: number, x1: number, y0: number, y1: number): boolean => { for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (at(x, y) < 100) return true; return false; };
  expect([dark(0, 126, 0, 30), dark(126, 146, 32, 54), dark(0, 120, 54, 74), dark(0, 120, 74, 94)]).toEqual([true, true, true, true]);
});

it('has no margins without labels', async () => {
  const { width, height } = await labelledGrid({ title: '', columns: [], rows: [], cells: [[plain(10)]] });
  expect([width, height]).toEqual([20, 50]);
});

import { expect, it } from 'vitest';
import { silhouetteMask } from '../../src/dense/silhouette-mask.ts';

const size = { width: 2, height: 1 };

it('reads brightness, and alpha where anything is transparent', () => {
  const mask = (channels: 3 | 4, ...data: number[]) => [...silhouetteMask('test', { ...size, channels, data: Uint8Array.from(data) }, size).data];
  expect(mask(3, 0, 30, 60, 255, 255, 255)).toEqual([30, 30, 30, 255, 255, 255]);
  expect(mask(4, 0, 0, 0, 255, 255, 255, 255, 255)).toEqual([0, 0, 0, 255, 255, 255]);
  expect(mask(4, 9, 9, 9, 200, 255, 255, 255, 0)).toEqual([200, 200, 200, 0, 0, 0]);
});

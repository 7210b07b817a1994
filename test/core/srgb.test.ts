import { expect, it } from 'vitest';
import { sampleTexture } from '../../src/io/sample-texture.ts';
import { linearToSrgb, srgbToLinear } from '../../src/core/srgb.ts';
import { expectClose } from '../support/close.ts';

it('sRGB and linear light undo each other and meet the standard at its known points', () => {
  for (let level = 0; level <= 255; level++) expect(255 * linearToSrgb(srgbToLinear(level / 255))).toBeCloseTo(level, 9);
  expect(srgbToLinear(0.04045)).toBeCloseTo(0.0031308, 6);
  expect(srgbToLinear(0.5)).toBeCloseTo(0.214041, 6);
  expect([srgbToLinear(1), linearToSrgb(1), linearToSrgb(0)]).toEqual([1, expect.closeTo(1, 12), 0]);
});

it('samples a texture between pixel centres in linear light, and wraps three ways', () => {
  const image = { width: 2, height: 1, channels: 4, data: Uint8Array.of(255, 0, 188, 9, 0, 255, 188, 9) } as const, grey = srgbToLinear(188 / 255);
  expectClose(sampleTexture(image, 0.25, 0.5, ['repeat', 'repeat']), [1, 0, grey]);
  expectClose(sampleTexture(image, 0.5, 0.1, ['clamp', 'clamp']), [0.5, 0.5, grey]);
  expectClose(sampleTexture(image, 0, 0, ['repeat', 'repeat']), [0.5, 0.5, grey]);
  expectClose(sampleTexture(image, 0, 0, ['clamp', 'repeat']), [1, 0, grey]);
  expectClose(sampleTexture(image, 1.25, 7.5, ['mirror', 'repeat']), [0, 1, grey]);
  expectClose(sampleTexture(image, -1.75, 0, ['repeat', 'mirror']), [1, 0, grey]);
});

import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { type DrawnFace, photoDifference } from '../../src/dense/photo-difference.ts';

const SIZE = 9, P = SIZE * SIZE, WEIGHTS = { pixel: 130, outline: 12, background: 0.2 };

/** A disc over noise; part of the crop lies beside the photograph. */
function example(seed: number) {
  const random = createRandom(seed), noise = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.uniform(0.1, 0.9));
  const radius = (p: number): number => Math.hypot((p % SIZE) - 4, Math.floor(p / SIZE) - 4), disc = (r: number): Float64Array => Float64Array.from({ length: P }, (_, p) => (radius(p) < r ? 1 : 0));
  const photo = { size: SIZE, pixels: noise(3 * P), inside: Float64Array.from({ length: P }, (_, p) => (p % SIZE === 0 ? 0 : p % SIZE === 1 ? 0.5 : 1)), silhouette: noise(P), isGrey: false };
  const faceMask = disc(3.6).map((w) => w * random.uniform(0.3, 1));
  return { photo, drawn: { picture: noise(4 * P), mask: disc(3.6), faceMask } };
}

it.each([false, true])('has the gradient that differences of it show, but for the choice of pixels on the outline; grey: %s', (isGrey) => {
  const { photo: colored, drawn } = example(1), photo = { ...colored, isGrey }, { dPicture, dFaceMask } = photoDifference(photo, drawn, WEIGHTS), step = 1e-5;
  const slope = (of: 'picture' | 'faceMask', at: number): number => {
    const moved = (by: number): number => {
      const values = Float64Array.from(drawn[of]);
      values[at]! += by;
      return photoDifference(photo, { ...drawn, [of]: values }, WEIGHTS).loss;
    };
    return (moved(step) - moved(-step)) / (2 * step);
  };
  for (let i = 0; i < 4 * P; i++) expect(Math.abs(dPicture[i]! - slope('picture', i)), `picture ${i}`).toBeLessThan(1e-5);
  // Off the rim, whose weights count as constant.
  const rim = (p: number): boolean => [-1, 0, 1].some((dy) => [-1, 0, 1].some((dx) => drawn.mask[p + SIZE * dy + dx] === 0));
  const inner = [...drawn.mask.keys()].filter((p) => drawn.mask[p] === 1 && !rim(p));
  expect(inner.length).toBeGreaterThan(10);
  for (const p of inner) if ([-1, 0, 1].every((dy) => [-1, 0, 1].every((dx) => !rim(p + SIZE * dy + dx)))) expect(Math.abs(dFaceMask[p]! - slope('faceMask', p)), `mask ${p}`).toBeLessThan(1e-5);
  expect(dPicture.some((x) => x !== 0) && dFaceMask.some((x) => x !== 0)).toBe(true);
});

it('is what its definition says where every pixel is off by the same', () => {
  const { photo, drawn } = example(2), picture = Float64Array.from({ length: 4 * P }, (_, i) => (i % 4 === 3 ? 1 : photo.pixels[3 * Math.floor(i / 4) + (i % 4)]! + 0.1));
  const { pixel, loss } = photoDifference({ ...photo, silhouette: null }, { ...drawn, picture }, WEIGHTS), length = Math.sqrt(0.03 + 1e-6) - 1e-3;
  expect(pixel).toBeCloseTo(length, 6);
  expect(loss).toBeCloseTo(130 * Math.log(length + 0.002) + 12 * Math.log(length + 0.02), 4);
});

it('takes what is brighter than a white photograph for white, and a face that covers nothing for no evidence', () => {
  const { photo, drawn } = example(3), white = { ...photo, pixels: new Float64Array(3 * P).fill(1) }, bright = { ...drawn, picture: new Float64Array(4 * P).fill(1.5) };
  const { pixel, dPicture } = photoDifference(white, bright, WEIGHTS);
  expect(pixel).toBe(0);
  expect(dPicture.every((x, i) => i % 4 === 3 || x === 0)).toBe(true);
  const none: DrawnFace = { ...drawn, mask: new Float64Array(P), faceMask: new Float64Array(P) }, lost = photoDifference(photo, none, WEIGHTS);
  expect(lost.covers).toBe(false);
  expect([lost.loss, ...lost.dPicture, ...lost.dFaceMask].every(Number.isFinite)).toBe(true);
});

it('compares nothing but luma with a grey photograph', () => {
  const { photo, drawn } = example(4), tint = [0.114, 0, -0.299], grey = { ...photo, pixels: photo.pixels.map((_, i, all) => all[i - (i % 3)]!), isGrey: true };
  const like = (by: number): Float64Array => Float64Array.from({ length: 4 * P }, (_, i) => (i % 4 === 3 ? 1 : grey.pixels[3 * Math.floor(i / 4)]! + by + tint[i % 4]! * 0.5));
  expect(photoDifference(grey, { ...drawn, picture: like(0) }, WEIGHTS).pixel).toBeLessThan(1e-12);
  expect(photoDifference(grey, { ...drawn, picture: like(0.1) }, WEIGHTS).pixel).toBeCloseTo(Math.sqrt(0.03 + 1e-6) - 1e-3, 6);
  expect(photoDifference({ ...grey, isGrey: false }, { ...drawn, picture: like(0) }, WEIGHTS).pixel).toBeGreaterThan(0.1);
});

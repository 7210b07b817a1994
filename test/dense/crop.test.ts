import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { applyAffine, assertBox, assertLandmarks5, cropToPhoto, frameFromBox, invertAffine, rollOfEyes } from '../../src/dense/crop-frame.ts';
import { halveCrop, resampleCrop } from '../../src/dense/resample.ts';
import type { PixelImage } from '../../src/io/image.ts';
import { expectClose } from '../support/close.ts';

const photoOf = (width: number, height: number, value: (x: number, y: number, c: number) => number): PixelImage => ({
  width, height, channels: 3,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => value(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3)),
});

describe('crop frame', () => {
  const frame = { center: [40, 30] as const, side: 56, roll: 0.4 };

  it('is square about the box', () => {
    expect(frameFromBox([10, 20, 50, 100], 1.25)).toEqual({ center: [30, 60], side: 100, roll: 0 });
  });

  it('puts the crop centre on its centre and the axes at the roll', () => {
    const M = cropToPhoto(frame, 112);
    expect(applyAffine(M, [56, 56])).toEqual([expect.closeTo(40, 10), expect.closeTo(30, 10)]);
    const [x, y] = applyAffine(M, [112, 56]);
    expect([x, y]).toEqual([expect.closeTo(40 + 28 * Math.cos(0.4), 10), expect.closeTo(30 + 28 * Math.sin(0.4), 10)]);
  });

  it('is undone by its inverse', () => {
    const M = cropToPhoto(frame, 112), back = applyAffine(invertAffine(M), applyAffine(M, [7, 100]));
    expect(back).toEqual([expect.closeTo(7, 9), expect.closeTo(100, 9)]);
    expect(() => invertAffine([[1, 1, 0], [1, 1, 0]])).toThrow(/determinant/);
  });

  it('levels the eyes', () => {
    const eyes = [[30, 20], [50, 28]] as const;
    const back = invertAffine(cropToPhoto({ ...frame, roll: rollOfEyes(eyes) }, 64));
    expect(applyAffine(back, eyes[0])[1]).toBeCloseTo(applyAffine(back, eyes[1])[1], 9);
  });

  it('refuses boxes and landmarks that cannot be', () => {
    const check = (box: number[]) => () => assertBox('t', box, 100, 80);
    expect(check([10, 10, 60, 70])).not.toThrow();
    expect(check([60, 10, 10, 70])).toThrow(/x1 < x2/);
    expect(check([10, 10, 10, 70])).toThrow(/x1 < x2/);
    expect(check([10, 10, 14, 70])).toThrow(/at least 8 pixels/);
    expect(check([200, 10, 260, 70])).toThrow(/inside the photo of 100 x 80/);
    expect(check([10, Number.NaN, 60, 70])).toThrow(/finite/);
    expect(check([10, 10, 60])).toThrow(/four/);
    const points = [[25, 30], [45, 30], [35, 45], [28, 55], [43, 55]];
    expect(() => assertLandmarks5('t', points, [10, 10, 60, 70])).not.toThrow();
    expect(() => assertLandmarks5('t', points.slice(1), [10, 10, 60, 70])).toThrow(/five/);
    expect(() => assertLandmarks5('t', [[250, 30], ...points.slice(1)], [10, 10, 60, 70])).toThrow(/landmark 1.*in the box/);
    expect(() => assertLandmarks5('t', [[25, Number.NaN], ...points.slice(1)], [10, 10, 60, 70])).toThrow(/finite/);
    expect(() => assertLandmarks5('t', [[45, 30], ...points.slice(1)], [10, 10, 60, 70])).toThrow(/apart/);
  });
});

describe('resampleCrop', () => {
  it('is the identity at scale 1 and an exact box mean at a whole scale', () => {
    const random = createRandom(3), photo = photoOf(12, 12, () => random.integer(256));
    const same = resampleCrop(photo, [[1, 0, 2], [0, 1, 1]], 5);
    expect(same.pixels[0]).toBeCloseTo(photo.data[3 * (12 + 2)]! / 255, 6);
    const third = resampleCrop(photo, [[3, 0, 0], [0, 3, 0]], 4);
    let sum = 0;
    for (let y = 3; y < 6; y++) for (let x = 6; x < 9; x++) sum += photo.data[3 * (12 * y + x) + 1]!;
    expect(third.pixels[3 * (4 + 2) + 1]).toBeCloseTo(sum / 9 / 255, 6);
  });

  it('keeps a linear ramp linear under rotation, at fine and coarse scale', () => {
    const photo = photoOf(200, 160, (x, y, c) => (c === 0 ? x : y));
    for (const side of [12, 90]) {
      const M = cropToPhoto({ center: [100, 80], side, roll: 0.3 }, 16), crop = resampleCrop(photo, M, 16);
      for (const [col, row] of [[0, 0], [15, 3], [7, 12]] as const) {
        const [x, y] = applyAffine(M, [col + 0.5, row + 0.5]);
        expect(255 * crop.pixels[3 * (16 * row + col)]!).toBeCloseTo(x - 0.5, 2);
        expect(255 * crop.pixels[3 * (16 * row + col) + 1]!).toBeCloseTo(y - 0.5, 2);
      }
    }
  });

  it('says what lies inside the photograph', () => {
    const crop = resampleCrop(photoOf(8, 8, () => 9), cropToPhoto({ center: [0, 4], side: 8, roll: 0 }, 4), 4);
    expect([...crop.inside.subarray(0, 4)]).toEqual([0, 0, 1, 1]);
    expect(crop.pixels.every((v) => Math.abs(v - 9 / 255) < 1e-6)).toBe(true);
  });

  it('halves by 2 x 2 means', () => {
    const random = createRandom(4), photo = photoOf(16, 16, () => random.integer(256));
    const half = halveCrop(resampleCrop(photo, [[1, 0, 0], [0, 1, 0]], 16)), direct = resampleCrop(photo, [[2, 0, 0], [0, 2, 0]], 8);
    expectClose(half.pixels, direct.pixels);
    expect(() => halveCrop({ ...half, size: 3 })).toThrow(/even/);
  });

  it('refuses a map or size that cannot be', () => {
    const photo = photoOf(4, 4, () => 0);
    expect(() => resampleCrop(photo, [[Number.NaN, 0, 0], [0, 1, 0]], 4)).toThrow(/finite/);
    expect(() => resampleCrop(photo, [[1, 0, 0], [0, 1, 0]], 0)).toThrow(/whole number/);
  });
});

import { describe, expect, it } from 'vitest';
import { curveAxes, lossCurves } from '../../src/viewer/loss-curves.ts';

describe('lossCurves', () => {
  it('has a curve for each figure, without what a logarithm cannot show', () => {
    const curves = lossCurves([{ step: 0, time: 1, loss: 4, flat: 0 }, { step: 10, time: 2, loss: null }, { step: 20, loss: 1, rate: 1e-3, bad: Number.NaN }]);
    expect(curves).toEqual([{ name: 'loss', points: [{ step: 0, value: 4 }, { step: 20, value: 1 }] }, { name: 'rate', points: [{ step: 20, value: 1e-3 }] }]);
  });
});

describe('curveAxes', () => {
  it('holds all points and has round ticks', () => {
    const axes = curveAxes(lossCurves([{ step: 0, loss: 3.7 }, { step: 930, loss: 0.021 }]))!;
    expect(axes.steps).toEqual([0, 930]);
    expect(axes.values[0]).toBeLessThan(0.021);
    expect(axes.values[1]).toBeGreaterThan(3.7);
    expect(axes.stepTicks).toEqual([0, 500]);
    expect(axes.valueTicks).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1, 2].map((x) => expect.closeTo(x, 12)));
  });

  it('falls back on powers of ten over many decades, and stands one point', () => {
    expect(curveAxes(lossCurves([{ step: 0, loss: 1e3 }, { step: 9, loss: 1e-3 }]))!.valueTicks).toEqual([1e-3, 1e-2, 0.1, 1, 10, 100, 1e3].map((x) => expect.closeTo(x, 9)));
    const one = curveAxes(lossCurves([{ step: 5, loss: 1 }]))!;
    expect(one.steps).toEqual([4, 6]);
    expect(one.stepTicks).toEqual([5]);
    expect(curveAxes([])).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { FITTED, poseAfterKey, zoomAbout } from '../../../src/viewer/page/navigation.ts';

describe('zoomAbout', () => {
  it('leaves the place under the pointer where it is', () => {
    const before = { ...FITTED, zoom: 1.5, x: 20, y: -8 }, after = zoomAbout(before, 2, 90, -40);
    // A picture point q lies at zoom (q + x) from the middle of the canvas.
    expect(after.zoom).toBe(3);
    expect(90 / after.zoom - after.x).toBeCloseTo(90 / before.zoom - before.x, 12);
    expect(-40 / after.zoom - after.y).toBeCloseTo(-40 / before.zoom - before.y, 12);
  });

  it('stops at its limits without moving', () => {
    const far = zoomAbout(FITTED, 1e-9, 50, 50);
    expect(far.zoom).toBe(0.05);
    expect(zoomAbout(far, 1e-9, 70, 10)).toEqual(far);
  });
});

describe('poseAfterKey', () => {
  it('turns, moves and zooms', () => {
    expect(poseAfterKey(FITTED, 'ArrowRight', false)).toMatchObject({ yaw: expect.closeTo(Math.PI / 36, 9), x: 0 });
    expect(poseAfterKey(FITTED, 'ArrowDown', false)!.pitch).toBeGreaterThan(0);
    expect(poseAfterKey(FITTED, 'ArrowLeft', true)).toMatchObject({ yaw: 0, x: -24 });
    expect(poseAfterKey(FITTED, '+', true)!.zoom).toBeGreaterThan(1);
    expect(poseAfterKey(FITTED, '-', false)!.zoom).toBeLessThan(1);
    expect(poseAfterKey(FITTED, 'Enter', false)).toBeNull();
  });

  it('never stands on its head, and goes round', () => {
    let pose = FITTED;
    for (let i = 0; i < 100; i++) pose = poseAfterKey(poseAfterKey(pose, 'ArrowDown', false)!, 'ArrowRight', false)!;
    expect(pose.pitch).toBe(1.4);
    expect(Math.abs(pose.yaw)).toBeLessThanOrEqual(Math.PI);
  });
});

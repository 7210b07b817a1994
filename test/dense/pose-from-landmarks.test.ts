import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import type { Point } from '../../src/dense/crop-frame.ts';
import { poseFromLandmarks } from '../../src/dense/pose-from-landmarks.ts';
import { pixelProjection } from '../../src/renderer/projection.ts';

const POINTS = [[-32, 30, 60], [32, 30, 60], [0, -5, 90], [-25, -45, 65], [25, -45, 65]];

it('finds the attitude that a far camera has', () => {
  const random = createRandom(2);
  for (let i = 0; i < 30; i++) {
    const yaw = random.uniform(-0.7, 0.7), pitch = random.uniform(-0.4, 0.4), roll = random.uniform(-1, 1), distance = 1e5;
    const eye = [Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)].map((x) => distance * x);
    const M = pixelProjection({ eye, lookAt: [0, 0, 0], focalLength: (1.5 * distance) / 100, roll }, 200, 200);
    const seen = POINTS.map((p) => {
      const [u, v, w] = M.map((row) => row[0]! * p[0]! + row[1]! * p[1]! + row[2]! * p[2]! + row[3]!) as [number, number, number];
      return [u / w, v / w] as Point;
    });
    const pose = poseFromLandmarks(POINTS, seen);
    // The prior on the angles pulls a little towards 0.
    expect(Math.abs(pose.yaw - yaw)).toBeLessThan(0.03);
    expect(Math.abs(pose.pitch - pitch)).toBeLessThan(0.12);
    expect(Math.abs(pose.roll - roll)).toBeLessThan(0.05);
    expect(Math.abs(pose.scale - 1.5)).toBeLessThan(0.06);
  }
});

it('stays finite on points that coincide', () => {
  const pose = poseFromLandmarks(POINTS, POINTS.map(() => [5, 5] as const));
  expect(Object.values(pose).flat().every(Number.isFinite)).toBe(true);
});

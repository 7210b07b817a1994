import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { useCpuBackend } from '../../src/kernels/cpu/index.ts';
import { projectVertices } from '../../src/ops/project-vertices.ts';
import { pixelProjection } from '../../src/renderer/projection.ts';

it('puts points where the renderer does', async () => {
  await useCpuBackend();
  const camera = { eye: [120, 60, 900], lookAt: [4, -9, 30], focalLength: 7.5, roll: 0.3 }, height = 90, width = 130;
  const M = pixelProjection(camera, height, width);
  const points = [[0, 0, 0], [50, -40, 60], [-70, 80, -30]];
  const clip = projectVertices(tf.tensor3d([points]), tf.tensor2d([[...camera.eye, ...camera.lookAt, camera.focalLength, camera.roll]]), { aspect: width / height, near: 10, far: 10_000 }).arraySync()[0]!;
  points.forEach((p, i) => {
    const [u, v, w] = M.map((row) => row[0]! * p[0]! + row[1]! * p[1]! + row[2]! * p[2]! + row[3]!) as [number, number, number], [x, y, , cw] = clip[i] as [number, number, number, number];
    expect(u / w).toBeCloseTo(((x / cw + 1) * width) / 2, 4);
    expect(v / w).toBeCloseTo(((1 - y / cw) * height) / 2, 4);
  });
  expect(() => pixelProjection({ ...camera, eye: camera.lookAt }, 9, 9)).toThrow('pixelProjection: expected camera');
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../src/cli/backends.ts';
import { faceArea, SEVEN_OF_68 } from '../../src/data/face-area.ts';
import { decodeMesh } from '../../src/decoder/decode-mesh.ts';
import { type FaceModel, readFaceModel } from '../../src/decoder/face-model.ts';
import { frontalScan, type FrontalScan, turnedHead } from '../../src/dense/turned-head.ts';
import { movePoints } from '../../src/mesh/move-points.ts';

const MOVE = { scale: 1.2, rotation: [0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6], from: [0, 0, 0], to: [30, -400, 7] };
let model: FaceModel, mean: Float32Array, front: FrontalScan;

beforeAll(async () => {
  await useBackend('wasm');
  model = readFaceModel(readFileSync('meshes/head.safetensors'));
  const mesh = decodeMesh(model, new Float32Array(128)), vertices = movePoints(mesh.vertices, MOVE);
  mean = mesh.vertices;
  front = frontalScan({ ...mesh, vertices }, SEVEN_OF_68.flatMap((i) => [...vertices.subarray(3 * model.topology.landmarks68[i]!, 3 * model.topology.landmarks68[i]! + 3)]), mean, model.topology);
});
afterAll(() => model.decoder.dispose());

describe('frontalScan', () => {
  it('turns the scan back to the mean face\'s attitude, keeps its size, and puts the middle of the face at the origin', () => {
    const { center } = faceArea(SEVEN_OF_68.flatMap((i) => [...mean.subarray(3 * model.topology.landmarks68[i]!, 3 * model.topology.landmarks68[i]! + 3)]));
    for (const v of [0, 999, 6000]) for (let k = 0; k < 3; k++) {
      expect(front.mesh.vertices[3 * v + k]!).toBeCloseTo(1.2 * (mean[3 * v + k]! - center[k]!), 3);
      expect(front.meanFace[3 * v + k]!).toBeCloseTo(front.mesh.vertices[3 * v + k]!, 3);
    }
  });

  it('finds eyes and nose tip near those of the topology', () => {
    model.topology.landmarks5.forEach((v, i) => {
      const [dx, dy] = [0, 1].map((k) => front.five[3 * i + k]! - front.mesh.vertices[3 * v + k]!) as [number, number];
      expect(Math.hypot(dx, dy), `point ${i}`).toBeLessThan(i === 2 ? 8 : 5);
    });
  });
});

describe('turnedHead', () => {
  it('shows the person\'s right on the left of the picture, and more of the left side as the camera goes there', () => {
    const [straight, turned] = [0, 0.7].map((yaw) => turnedHead(front, model.topology, yaw, 96)) as [ReturnType<typeof turnedHead>, ReturnType<typeof turnedHead>];
    for (const { landmarks5, box: [x1, y1, x2, y2], seven } of [straight, turned]) {
      expect(landmarks5[0]![0]).toBeLessThan(landmarks5[1]![0]);
      for (const [x, y] of seven) expect(x > x1 && x < x2 && y > y1 && y < y2).toBe(true);
    }
    const gap = ({ landmarks5: [right, left, nose] }: typeof straight): number => (nose![0] - right![0]) / (left![0] - right![0]);
    expect(gap(straight)).toBeCloseTo(0.5, 1);
    expect(gap(turned)).toBeLessThan(0.3);
    expect(turned.eyes).toBe(straight.eyes);
    expect(Math.hypot(straight.seven[3]![0] - straight.seven[0]![0], straight.seven[3]![1] - straight.seven[0]![1]) / straight.eyes).toBeCloseTo(1, 1);
  });

  it('projects where it draws: a vertex painted at a point colours the pixel there', () => {
    const colors = new Float64Array(mean.length).fill(0.5), nose = model.topology.landmarks68[33]!;
    for (let v = 0; v < colors.length / 3; v++) if (Math.hypot(...[0, 1, 2].map((k) => front.mesh.vertices[3 * v + k]! - front.mesh.vertices[3 * nose + k]!)) < 6) colors.set([1, 0, 0], 3 * v);
    const { photo, seven } = turnedHead({ ...front, mesh: { ...front.mesh, colors } }, model.topology, -0.5, 128), [x, y] = seven[4]!, at = 3 * (Math.floor(y) * 128 + Math.floor(x));
    expect(photo.data[at]! - photo.data[at + 1]!).toBeGreaterThan(80);
  });
});

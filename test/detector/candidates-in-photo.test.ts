import { expect, it } from 'vitest';
import type { Candidates } from '../../src/detector/candidates.ts';
import { candidatesInPhoto } from '../../src/detector/candidates-in-photo.ts';
import type { DetectionPass } from '../../src/detector/detection-passes.ts';

const one = (box: number[], landmarks: number[]): Candidates => ({ boxes: Float32Array.from(box), scores: new Float32Array(box.length / 4).fill(0.5), landmarks: Float32Array.from(landmarks) });
const POINTS = [30, 40, 60, 42, 44, 50, 34, 70, 56, 72];
const pass = (changes: Partial<DetectionPass>): DetectionPass => ({ width: 200, height: 100, window: [0, 0, 200, 100], flip: false, finestOnly: false, ...changes });

it('hands back what is in the photo already', () => {
  const candidates = one([20, 30, 70, 80], POINTS);
  expect(candidatesInPhoto(candidates, pass({}), { width: 200, height: 100 })).toBe(candidates);
});

it('scales each axis by its own ratio', () => {
  const { boxes, landmarks } = candidatesInPhoto(one([20, 30, 70, 80], POINTS), pass({}), { width: 400, height: 300 });
  expect([...boxes]).toEqual([40, 90, 140, 240]);
  expect([...landmarks]).toEqual(POINTS.map((x, i) => x * (i % 2 === 0 ? 2 : 3)));
});

it('mirrors boxes and points, left ones becoming right ones', () => {
  const { boxes, landmarks } = candidatesInPhoto(one([20, 30, 70, 80], POINTS), pass({ flip: true }), { width: 200, height: 100 });
  expect([...boxes]).toEqual([130, 30, 180, 80]);
  expect([...landmarks]).toEqual([140, 42, 170, 40, 156, 50, 144, 72, 166, 70]);
});

it('places tiles, mirrored or not, and drops what their inner edges may cut', () => {
  const tile = pass({ window: [64, 0, 164, 100] }), photo = { width: 400, height: 200 };
  const whole = [30, 2, 70, 99], cutLeft = [10, 20, 50, 60], cutRight = [40, 20, 90, 60], list = [cutLeft, whole, cutRight].flat(), points = [...POINTS, ...POINTS, ...POINTS];
  const placed = candidatesInPhoto(one(list, points), tile, photo);
  expect([...placed.boxes]).toEqual([188, 4, 268, 198]);
  expect([...placed.landmarks.slice(0, 2)]).toEqual([188, 80]);
  const mirrored = candidatesInPhoto(one(list, points), { ...tile, flip: true }, photo);
  expect([...mirrored.boxes]).toEqual([188, 4, 268, 198]);
  expect([...mirrored.landmarks.slice(0, 4)]).toEqual([208, 84, 268, 80]);
  // At the photo's own edge nothing is cut.
  expect(candidatesInPhoto(one(list, points), pass({ window: [0, 0, 100, 100] }), photo).scores.length).toBe(2);
});

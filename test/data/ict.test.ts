import { describe, expect, it } from 'vitest';
import { type IctFace, parseIctFace } from '../../src/data/ict.ts';
import type { SafeTensor, SafeTensors } from '../../src/io/safetensors.ts';

const f32 = (shape: number[], data: number[]): SafeTensor => ({ dtype: 'F32', shape, data: Float32Array.from(data) }), i32 = (shape: number[], data: number[]): SafeTensor => ({ dtype: 'I32', shape, data: Int32Array.from(data) });
/** One triangle with one identity and two expressions, centimetres. */
const file = (more: Record<string, SafeTensor> = {}, names = '["jawOpen", "eyeBlink_L"]'): SafeTensors => ({
  tensors: {
    mean: f32([3, 3], [0, 0, 0, 1, 0, 0, 0, 1, 0]), tri: i32([1, 3], [0, 1, 2]), identity: f32([1, 3, 3], [0.1, 0, 0, 0, 0, 0, 0, 0, 0]), expression: f32([2, 3, 3], new Array<number>(18).fill(0.2)),
    landmarks68: i32([68], new Array<number>(68).fill(2)), ...more,
  },
  metadata: { expression_names: names },
});
/** All 24,591 vertices: the face first, eyeballs of 1.5 cm at x = -3 and 3 in the right places. */
const whole = Float64Array.from({ length: 3 * 24591 }, (_, i) => {
  const v = Math.floor(i / 3), k = i % 3;
  if (v < 3) return file().tensors.mean!.data[i] as number;
  return v < 21451 ? 0 : 1.5 * [Math.sin(v) * Math.cos(7 * v), Math.sin(v) * Math.sin(7 * v), Math.cos(v)][k]! + [v < 23021 ? -3 : 3, 2, 5][k]!;
});
const parse = (more?: Record<string, SafeTensor>, names?: string): IctFace => parseIctFace(file(more, names), whole, 'face.safetensors');

describe('parseIctFace', () => {
  it('reads the face in millimetres, and the eyeballs, the left one first', () => {
    const { neutral, faces, identity, expression, expressionNames, landmarks68, eyes } = parse();
    expect([...neutral]).toEqual([0, 0, 0, 10, 0, 0, 0, 10, 0]);
    expect([...faces]).toEqual([0, 1, 2]);
    expect([identity[0], expression[17]]).toEqual([expect.closeTo(1, 6), expect.closeTo(2, 6)]);
    expect(expressionNames).toEqual(['jawOpen', 'eyeBlink_L']);
    expect(landmarks68).toHaveLength(68);
    expect(eyes.map(({ centre, radius }) => [...centre, radius])).toEqual([[30, 20, 50, 15], [-30, 20, 50, 15]].map((list) => list.map((x) => expect.closeTo(x, 6))));
  });

  it.each([
    [{ tri: i32([1, 3], [0, 1, 3]) }, /face\.safetensors: expected tensor tri at the header to have integers in \[0, 3\), got 3 at 2/],
    [{ landmarks68: i32([67], new Array<number>(67).fill(0)) }, /expected tensor landmarks68 at the header to have shape \[68\], got \[67\]/],
    [{ identity: f32([1, 3, 3], new Array<number>(9).fill(NaN)) }, /expected tensor identity at the header to have finite numbers, got NaN at 0/],
    [{ mean: f32([3, 3], [0, 0, 0, 1, 0, 0, 0, 1, 0.5]) }, /expected the whole neutral mesh at its vertices to have the face area as its first vertices and the eyeballs, got another vertex 2/],
  ])('refuses %#', (more, message) => {
    expect(() => parse(more as Record<string, SafeTensor>)).toThrow(message);
  });

  it('refuses a missing tensor, names that are none, a mesh without eyeballs', () => {
    const { tri, ...rest } = file().tensors;
    expect(tri).toBeDefined();
    expect(() => parseIctFace({ ...file(), tensors: rest }, whole)).toThrow(/expected tensor tri at the header to have a place in the file, got none/);
    for (const names of ['7', '{', '[1]']) expect(() => parse({}, names)).toThrow(/expected expression_names at __metadata__ to have a JSON list of names/);
    expect(() => parseIctFace(file(), whole.subarray(0, 300))).toThrow(/the face area as its first vertices and the eyeballs, got 100 vertices/);
  });
});

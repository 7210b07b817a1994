import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError, FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { readObj, writeObj } from '../../src/io/obj.ts';
import { expectSurvives } from '../support/mutations.ts';
import { icosphere, soup } from '../support/meshes.ts';

const MESHES = '../shared/data/meshes';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const SQUARE = 'v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n';

describe('readObj', () => {
  it('reads triangles, quads and n-gons with every form of corner', () => {
    const { vertices, faces, colors } = readObj(`# a comment\r\nmtllib x.mtl\r\n${SQUARE}v 1.4 0.5 0 1.0\nvt 0 0\nvn 0 0 1\ng all\nf 1 2 3\nf 1/1 2/1 3/1 4/1\nf 1//1 2//1 3//1\nf 1/1/1 2/1/1 5/1/1 3/1/1 4/1/1\nl 1 2\n`);
    expect([...vertices.slice(12)]).toEqual([1.4, 0.5, 0]);
    expect([...faces]).toEqual([0, 1, 2, 0, 1, 2, 0, 2, 3, 0, 1, 2, 0, 1, 4, 0, 4, 2, 0, 2, 3]);
    expect(colors).toBeUndefined();
  });

  it('reads indices that count backwards, faces before their vertices, statements over several lines', () => {
    expect([...readObj(`${SQUARE}f -4 -3 -2 -1\nv 9 9 9\nf -1 -2 -3`).faces]).toEqual([0, 1, 2, 0, 2, 3, 4, 3, 2]);
    expect([...readObj(`f 1 2 3\n${SQUARE}`).faces]).toEqual([0, 1, 2]);
    expect([...readObj(`${SQUARE}f 1 2 \\\n  3 4`).faces]).toEqual([0, 1, 2, 0, 2, 3]);
  });

  it('splits a dart so that no triangle lies outside', () => {
    const { faces } = readObj('v 0 0 0\nv 4 0 0\nv 1 1 0\nv 0 4 0\nf 2 3 4 1');
    expect(new Set([0, 1].map((f) => [...faces.slice(3 * f, 3 * f + 3)].sort().join()))).toEqual(new Set(['0,1,2', '0,2,3']));
  });

  it('reads colours, with or without alpha', () => {
    const { colors } = readObj('v 0 0 0 0.1 0.2 0.3\nv 1 0 0 1 0 1\nv 0 1 0 .5 .5 .5 0\n');
    expect([...colors!]).toEqual([0.1, 0.2, 0.3, 1, 0, 1, 0.5, 0.5, 0.5]);
  });

  it.each<[string, string, string]>([
    ['no vertex', 'g x\n', 'the file at line 1 to have at least one vertex'],
    ['too few coordinates', 'v 0 0\n', 'vertex 1 at line 1'],
    ['five numbers', 'v 0 0 0 1 1\n', 'vertex 1 at line 1'],
    ['NaN', `${SQUARE}v 0 nan 0\n`, 'vertex 5 at line 5'],
    ['infinity', 'v 0 1e999 0\n', 'vertex 1 at line 1'],
    ['a hexadecimal', 'v 0 0x10 0\n', 'vertex 1 at line 1'],
    ['a cut number', 'v 0 1 2.5e', 'vertex 1 at line 1'],
    ['a colour out of range', 'v 0 0 0 255 0 0\n', 'vertex 1 at line 1 to have colours in [0, 1], got 255 0 0'],
    ['colours on some', 'v 0 0 0 1 1 1\nv 0 0 0\n', 'vertex 2 at line 2'],
    ['colours on later ones', 'v 0 0 0\nv 0 0 0 1 1 1\n', 'vertex 2 at line 2'],
    ['an index beyond the end', `${SQUARE}f 1 2 3\n\nf 1 2 5\n`, 'face 2 at line 7 to have vertex indices up to 4, got 5'],
    ['index 0', `${SQUARE}f 0 1 2\n`, 'face 1 at line 5'],
    ['a negative index too far back', `${SQUARE}f -5 1 2\n`, 'face 1 at line 5 to have a v index from 1, or from -1 to -4, got -5'],
    ['a fraction', `${SQUARE}f 1 2 3.5\n`, 'face 1 at line 5'],
    ['an absurd index', `${SQUARE}f 1 2 99999999999999999999\n`, 'face 1 at line 5'],
    ['two corners', `${SQUARE}f 1 2\n`, 'at least 3 corners'],
    ['a texture index beyond the end', `${SQUARE}vt 0 0\nf 1/1 2/2 3/1\n`, 'a face at line 6 to have vt indices up to 1, got 2'],
    ['a bad normal', 'vn 0 0\n', 'vn 1 at line 1'],
    ['four parts', `${SQUARE}f 1/1/1/1 2 3\n`, 'corners v, v/vt'],
    ['another keyword', `${SQUARE}w 1 2 3\n`, 'a statement at line 5 to have an OBJ keyword, got w 1 2 3'],
  ])('refuses %s and names the line', (_, text, message) => {
    expect(() => readObj(text, 'a.obj')).toThrow(FormatError);
    expect(() => readObj(text, 'a.obj')).toThrow(message);
  });

  it('refuses what it does not provide, and more than its limits', () => {
    expect(() => readObj('surf 0 1 0 1 1\n')).toThrow(UnsupportedError);
    expect(() => readObj('v 1 1 1 2\n')).toThrow('the weight 2 of vertex 1 at line 1 is not supported; divide');
    expect(() => readObj(SQUARE, 'a.obj', { maxVertices: 3 })).toThrow(ArgumentError);
    expect(() => readObj(SQUARE, 'a.obj', { maxVertices: 3 })).toThrow('a.obj: expected the file to have at most 3 vertices (option maxVertices), got 4');
    expect(() => readObj(`${SQUARE}f 1 2 3 4`, 'a.obj', { maxFaces: 1 })).toThrow('at most 1 faces');
    expect(() => readObj(SQUARE, 'a.obj', { maxBytes: 9 })).toThrow('at most 9 bytes');
  });
});

describe('writeObj', () => {
  it('returns any mesh to the bit, in float64 and float32', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }), fc.integer(), fc.boolean(), (vertices, faces, seed, lit) => {
      const wide = { ...soup(vertices, faces, seed), ...(lit && { colors: soup(vertices, 0, seed).vertices.map((x) => Math.abs(Math.sin(x))) }) };
      expect(readObj(writeObj(wide))).toEqual(wide);
      const narrow = { ...wide, vertices: Float32Array.from(wide.vertices), ...(lit && { colors: Float32Array.from(wide.colors!) }) }, back = readObj(bytesOf(writeObj(narrow)));
      expect(Float32Array.from(back.vertices)).toEqual(narrow.vertices);
      if (lit) expect(Float32Array.from(back.colors!)).toEqual(narrow.colors);
    }), { numRuns: 100, seed: 12 });
  });

  it('refuses an invalid mesh and colours that no reader takes', () => {
    expect(() => writeObj({ vertices: Float64Array.of(0, NaN, 0), faces: new Int32Array(0) })).toThrow('finite coordinates');
    expect(() => writeObj({ vertices: Float64Array.of(0, 0, 0), faces: new Int32Array(0), colors: Float64Array.of(0, 1.5, 0) })).toThrow('colors[0] to have values in [0, 1], got 1.5');
  });
});

it('survives 1,200 damaged OBJ files', async () => {
  const files = [
    writeObj({ ...icosphere(1), colors: icosphere(1).vertices.map((x) => (x + 1) / 2) }),
    `mtllib a.mtl\n${SQUARE}vt 0 0\nvn 0 0 1\ng a\ns 1\nf 1/1/1 2/1/1 3/1/1 4/1/1\nf -4//-1 -3//-1 -2//-1\n`,
  ].map(bytesOf);
  const { refused, read } = await expectSurvives((bytes) => readObj(bytes), files, 1200, 13);
  expect(refused).toBeGreaterThan(300);
  expect(read).toBeGreaterThan(100);
});

it.skipIf(!existsSync(MESHES)).each([
  ['makehuman/base.obj', 19158, 36972], ['ict/generic_neutral_mesh.obj', 26719, 52220], ['mediapipe/canonical_face_model.obj', 468, 898], ['mediapipe/face_model_with_iris.obj', 478, 906],
])('reads the real %s', (name, vertexCount, faceCount) => {
  const { vertices, faces } = readObj(readFileSync(`${MESHES}/${name}`), name);
  expect(vertices.length / 3).toBe(vertexCount);
  expect(faces.length / 3).toBe(faceCount);
});

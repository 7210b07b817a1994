import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError, FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { readPly, WRITE_PLY_DEFAULTS, type WritePlyOptions, writePly } from '../../src/io/ply.ts';
import { PLY_ENCODINGS } from '../../src/io/ply-header.ts';
import type { TriangleMesh } from '../../src/mesh/triangle-mesh.ts';
import { expectClose } from '../support/close.ts';
import { expectSurvives } from '../support/mutations.ts';
import { icosphere, soup } from '../support/meshes.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): TriangleMesh => readPly(bytesOf(text), 'a.ply');
const header = (...lines: string[]): string => ['ply', 'format ascii 1.0', ...lines, 'end_header', ''].join('\n');
const XYZ = ['property float x', 'property float y', 'property float z'];
const FACES = 'property list uchar int vertex_indices';
const SQUARE = '0 0 0\n1 0 0\n1 1 0\n0 1 0\n';

// A vertex, two rows of an unknown element with lists, one face; every property that is not wanted between those that are.
const RICH = ['ply', 'format binary_little_endian 1.0', 'comment made by hand', 'obj_info 1 2 3', 'element vertex 3', 'property double z', 'property list uchar short extra', 'property float x', 'property uchar blue',
  'property ushort red', 'property uchar alpha', 'property int y', 'property float green', 'element edge 2', 'property list int float weights', 'property uchar flag', 'element face 1', 'property uchar flag',
  'property list uint uint vertex_index', 'property list uchar float texcoord', 'end_header', ''].join('\n');

function richPly(little: boolean): Uint8Array {
  const values: [1 | 2 | 4 | 8, 'i' | 'f', number][] = [];
  for (let v = 0; v < 3; v++) {
    values.push([8, 'f', v + 0.25], [1, 'i', v], ...new Array<[2, 'i', number]>(v).fill([2, 'i', -1]), [4, 'f', v * v], [1, 'i', 51], [2, 'i', 65535], [1, 'i', 9], [4, 'i', -v], [4, 'f', 0.5]);
  }
  values.push([4, 'i', 2], [4, 'f', NaN], [4, 'f', 1], [1, 'i', 1], [4, 'i', 0], [1, 'i', 2]);
  values.push([1, 'i', 7], [4, 'i', 3], [4, 'i', 2], [4, 'i', 0], [4, 'i', 1], [1, 'i', 2], [4, 'f', 0], [4, 'f', 1]);
  const head = bytesOf(little ? RICH : RICH.replace('little', 'big')), out = new Uint8Array(head.length + values.reduce((sum, [size]) => sum + size, 0)), view = new DataView(out.buffer);
  out.set(head);
  let at = head.length;
  for (const [size, kind, x] of values) {
    if (kind === 'f') size === 8 ? view.setFloat64(at, x, little) : view.setFloat32(at, x, little);
    else size === 1 ? view.setUint8(at, x) : size === 2 ? view.setInt16(at, x, little) : view.setInt32(at, x, little);
    at += size;
  }
  return out;
}

describe('readPly', () => {
  it.each([true, false])('passes over what it does not know, in any order of columns, little endian %s', (little) => {
    const { vertices, faces, colors } = readPly(richPly(little));
    expect([...vertices]).toEqual([0, 0, 0.25, 1, -1, 1.25, 4, -2, 2.25]);
    expect([...faces]).toEqual([2, 0, 1]);
    expectClose(colors!, [1, 0.5, 0.2, 1, 0.5, 0.2, 1, 0.5, 0.2]);
  });

  it('reads text: quads, Windows line ends, blank lines, other elements, faces first', () => {
    const text = header('element face 1', 'property list uint8 int32 vertex_index', 'element vertex 4', ...XYZ, 'property uchar red', 'property uchar green', 'property uchar blue', 'element edge 1', 'property int a', 'property int b');
    const { vertices, faces, colors } = read(`${text}4 0 1 2 3\n\n0 0 0 255 0 0\n1 0 0 255 0 51\n1 1 0 0 0 0\n0 1 0 0 0 0\n0 1\n\n`.replaceAll('\n', '\r\n'));
    expect([...faces]).toEqual([0, 1, 2, 0, 2, 3]);
    expect([...vertices.slice(3, 6)]).toEqual([1, 0, 0]);
    expect([...colors!.slice(3, 6)]).toEqual([1, 0, 0.2]);
  });

  it('takes points without faces, and an element without columns', () => {
    expect(read(`${header('element vertex 1', ...XYZ, 'element nothing 99999999999')}1 2 3\n`)).toEqual({ vertices: Float64Array.of(1, 2, 3), faces: new Int32Array(0) });
  });

  it.each<[string, string, string]>([
    ['another file', 'plyx\n', 'the file at line 1 to have a first line ply'],
    ['no format', 'ply\nelement vertex 1\nend_header\n', 'a format line'],
    ['another version', 'ply\nformat ascii 2.0\nend_header\n', 'the format at line 2'],
    ['no end', 'ply\nformat ascii 1.0\n', 'an end_header within'],
    ['another keyword', header('elements vertex 1'), 'the header at line 3'],
    ['no vertex element', header('element face 0', FACES), 'an element vertex'],
    ['no vertices', header('element vertex 0', ...XYZ), 'element vertex at line 3 to have at least one row'],
    ['two of one element', header('element vertex 0', 'element vertex 0'), 'a name that occurs once'],
    ['two of one property', header('element vertex 0', 'property int x', 'property int x'), 'property x at line 5'],
    ['a property before elements', header('property int x'), 'an element before it'],
    ['an unknown type', header('element vertex 1', 'property half x'), 'a property at line 4'],
    ['a list counted in floats', header('element vertex 1', 'property list float int x'), 'a property at line 4'],
    ['a negative count', header('element vertex -1', ...XYZ), 'a name and a count, got vertex -1'],
    ['a count of a fraction', header('element vertex 1.5', ...XYZ), 'a name and a count'],
    ['an absurd count', `${header('element vertex 4000000000', ...XYZ)}${SQUARE}`, 'element vertex at line 3 to have at most 4 rows in the 24 bytes that follow, got 4000000000'],
    ['no z', `${header('element vertex 1', 'property float x', 'property float y')}0 0\n`, 'properties x, y and z, got x, y'],
    ['two colours', `${header('element vertex 1', ...XYZ, 'property uchar red', 'property uchar blue')}0 0 0 1 1\n`, 'all three colours or none'],
    ['signed colours', `${header('element vertex 1', ...XYZ, 'property char red', 'property char green', 'property char blue')}0 0 0 1 1 1\n`, 'colours of type'],
    ['colours beyond 1', `${header('element vertex 1', ...XYZ, 'property float red', 'property float green', 'property float blue')}0 0 0 1 2 1\n`, 'vertex 0 at line 11 to have colours in [0, 1], got 2'],
    ['colours beyond their type', `${header('element vertex 1', ...XYZ, 'property uchar red', 'property uchar green', 'property uchar blue')}0 0 0 1 256 1\n`, 'whole numbers in [0, 256), got 256'],
    ['NaN', `${header('element vertex 1', ...XYZ)}0 nan 0\n`, 'vertex 0 at line 8 to have finite numbers, got nan'],
    ['a vertex too few', `${header('element vertex 2', ...XYZ)}0 0 0.255555555\n\n`, 'vertex 1 at line 10 to have a line, got the end of the file'],
    ['a vertex too many', `${header('element vertex 3', ...XYZ)}${SQUARE}`, 'no line after the rows that its header counts, got 0 1 0'],
    ['a value too few', `${header('element vertex 1', ...XYZ)}0 0  \n`, 'vertex 0 at line 8 to have more than 2 values'],
    ['a value too many', `${header('element vertex 1', ...XYZ)}0 0 0 0\n`, 'vertex 0 at line 8 to have 3 values, got 4'],
    ['faces without a list', `${header('element vertex 4', ...XYZ, 'element face 1', 'property int a')}${SQUARE}1\n`, 'element face at line 7 to have a list vertex_indices'],
    ['a list that lies', `${header('element vertex 4', ...XYZ, 'element face 1', FACES)}${SQUARE}4 0 1 2\n`, 'a list vertex_indices of at most the 3 values left, got 4'],
    ['a negative list', `${header('element vertex 4', ...XYZ, 'element face 1', 'property list int int vertex_indices')}${SQUARE}-3 0 1 2\n`, 'face 0 at line 14'],
    ['an index out of range', `${header('element vertex 4', ...XYZ, 'element face 1', FACES)}${SQUARE}3 0 1 4\n`, 'face 0 at line 14 to have vertex indices in [0, 4), got 4'],
    ['a negative index', `${header('element vertex 4', ...XYZ, 'element face 1', FACES)}${SQUARE}3 0 1 -1\n`, 'vertex indices in [0, 4), got -1'],
    ['two corners', `${header('element vertex 4', ...XYZ, 'element face 1', FACES)}${SQUARE}2 0 1\n`, 'at least 3 corners'],
  ])('refuses %s and names the place', (_, text, message) => {
    expect(() => read(text)).toThrow(FormatError);
    expect(() => read(text)).toThrow(message);
  });

  it('names the byte of a binary file at fault', () => {
    const whole = richPly(true), body = bytesOf(RICH).length;
    expect(() => readPly(whole.subarray(0, whole.length - 1))).toThrow(`face 0 at byte ${body + 99} to have a list texcoord of at most the 1 values left, got 2`);
    expect(() => readPly(whole.subarray(0, body + 30))).toThrow(FormatError);
    expect(() => readPly(Uint8Array.from([...whole, 0]))).toThrow(`the file at byte ${whole.length} to have no byte after the rows that its header counts, got 1`);
    const broken = whole.slice();
    new DataView(broken.buffer).setFloat64(body, NaN, true);
    expect(() => readPly(broken)).toThrow(`vertex 0 at byte ${body} to have finite numbers, got NaN`);
    new DataView(broken.buffer).setFloat64(body, 1, true);
    new DataView(broken.buffer).setUint32(whole.length - 13, 3, true);
    expect(() => readPly(broken)).toThrow('vertex indices in [0, 3), got 3');
  });

  it('refuses strips, and more than its limits', () => {
    expect(() => read(header('element vertex 1', ...XYZ, 'element tristrips 1', FACES))).toThrow(UnsupportedError);
    const bytes = writePly(icosphere(1));
    expect(() => readPly(bytes, 'a.ply', { maxVertices: 41 })).toThrow(ArgumentError);
    expect(() => readPly(bytes, 'a.ply', { maxVertices: 41 })).toThrow('at most 41 vertices (option maxVertices), got 42');
    expect(() => readPly(bytes, 'a.ply', { maxFaces: 79 })).toThrow('at most 79 faces');
  });
});

describe('writePly', () => {
  it('returns any mesh: to the bit as double and float, within half a level as uchar', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }), fc.integer(), fc.constantFrom(...PLY_ENCODINGS), fc.constantFrom('none', 'uchar', 'float'), (vertices, faces, seed, encoding, colors) => {
      const mesh = { ...soup(vertices, faces, seed), ...(colors !== 'none' && { colors: soup(vertices, 0, seed).vertices.map((x) => Math.fround(Math.abs(Math.sin(x)))) }) };
      const options: Partial<WritePlyOptions> = { encoding, ...(colors !== 'none' && { colors: colors as 'uchar' }) };
      const back = readPly(writePly(mesh, { ...options, coordinates: 'double' }));
      expect(back.vertices).toEqual(mesh.vertices);
      expect(back.faces).toEqual(mesh.faces);
      expect(Float32Array.from(readPly(writePly(mesh, options)).vertices)).toEqual(Float32Array.from(mesh.vertices));
      if (colors === 'none') expect(back.colors).toBeUndefined();
      else expectClose(back.colors!, mesh.colors!, { rtol: 0, atol: colors === 'float' ? 0 : 0.5001 / 255 });
    }), { numRuns: 100, seed: 14 });
  });

  it('writes what every viewer reads unless asked otherwise', () => {
    expect(WRITE_PLY_DEFAULTS).toEqual({ encoding: 'binary_little_endian', coordinates: 'float', colors: 'uchar' });
    const text = new TextDecoder('latin1').decode(writePly({ ...icosphere(0), colors: new Float32Array(36) }));
    expect(text.slice(0, text.indexOf('end_header'))).toBe(`ply\nformat binary_little_endian 1.0\nelement vertex 12\n${XYZ.join('\n')}\nproperty uchar red\nproperty uchar green\nproperty uchar blue\nelement face 20\n${FACES}\n`);
  });

  it('refuses what it cannot write', () => {
    const mesh = icosphere(0);
    expect(() => writePly(mesh, { encoding: 'utf8' as 'ascii' })).toThrow('encoding to have value ascii or');
    expect(() => writePly(mesh, { coordinates: 'half' as 'float' })).toThrow('value float or double');
    expect(() => writePly(mesh, { colors: 'int' as 'float' })).toThrow('value uchar or float');
    expect(() => writePly({ ...mesh, colors: mesh.vertices })).toThrow('values in [0, 1]');
    expect(() => writePly({ ...mesh, vertices: mesh.vertices.with(3, 1e39) })).toThrow('vertices[1] to have coordinates within float32');
    expect(() => writePly({ ...mesh, vertices: mesh.vertices.with(3, NaN) })).toThrow('finite');
  });
});

it('survives 1,500 damaged PLY files', async () => {
  const mesh = { ...icosphere(1), colors: icosphere(1).vertices.map((x) => (x + 1) / 2) };
  const files = [...PLY_ENCODINGS.map((encoding) => writePly(mesh, { encoding })), richPly(true), richPly(false)];
  const { refused, read: valid } = await expectSurvives((bytes) => readPly(bytes), files, 1500, 15);
  expect(refused).toBeGreaterThan(500);
  expect(valid).toBeGreaterThan(100);
});

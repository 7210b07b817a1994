import { ArgumentError, FormatError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { assertTriangleMesh, type TriangleMesh } from '../mesh/triangle-mesh.ts';
import { triangulatePolygon } from '../mesh/triangulate-polygon.ts';
import { type MeshBudget, type MeshLimits, openMeshBudget } from './mesh-limits.ts';
import { formatNumber } from './number-text.ts';
import { PLY_ENCODINGS, type PlyElement, type PlyEncoding, type PlyFail, type PlyProperty, readPlyHeader } from './ply-header.ts';
import { openPlyRows, type PlyRows } from './ply-rows.ts';

const AXES = ['x', 'y', 'z'], COLOR_NAMES = [['red', 'green', 'blue'], ['diffuse_red', 'diffuse_green', 'diffuse_blue'], ['r', 'g', 'b']];

/**
 * Reads the surface of a PLY file, ASCII or binary in either order: `x y z` of any type, `red green blue` (`uchar` and
 * `ushort` as shares of their range, `float` and `double` in [0, 1], all sRGB) and faces as lists `vertex_indices` or
 * `vertex_index`, polygons split by `triangulatePolygon`. Other properties and elements are passed over.
 *
 * Turk, "The PLY Polygon File Format", 1994.
 *
 * @param where - Named in errors: the path, if there is one.
 * @returns Vertices in the file's order, `[V, 3]` in the file's unit.
 * @throws {@link FormatError} with the line or byte, also where bytes are left over; {@link ArgumentError} beyond a
 *   limit; `UnsupportedError` for triangle strips.
 */
export function readPly(bytes: Uint8Array, where = 'readPly', limits?: Partial<MeshLimits>): TriangleMesh<Float64Array> {
  const budget = openMeshBudget(where, bytes.length, limits);
  const fail: PlyFail = (what, expected, actual, position) => { throw new FormatError(where, what, expected, actual, position); };
  const header = readPlyHeader(bytes, where, fail), rows = openPlyRows(bytes, header, fail);
  const vertexElement = header.elements.find(({ name }) => name === 'vertex') ?? fail('the header', 'an element vertex', 'none', `line ${header.bodyLine - 1}`);
  if (vertexElement.count === 0) fail('element vertex', 'at least one row', '0', `line ${vertexElement.line}`);
  budget.vertices(vertexElement.count);
  let points: { vertices: Float64Array; colors?: Float64Array } | undefined, polygons: Polygons = { corners: [], ends: [] };
  for (const element of header.elements) {
    if (element === vertexElement) points = readVertices(element, rows, fail);
    else if (element.name === 'face') polygons = readFaces(element, rows, fail, vertexElement.count, budget);
    else if (element.properties.length > 0) readOther(element, rows, fail);
  }
  rows.close();
  const faces: number[] = [], { corners, ends } = polygons;
  for (let f = 0, begin = 0; f < ends.length; begin = ends[f++]!) triangulatePolygon(points!.vertices, corners.slice(begin, ends[f]), faces, `${where}: face ${f}`);
  return { ...points!, faces: Int32Array.from(faces) };
}

function readVertices(element: PlyElement, rows: PlyRows, fail: PlyFail): { vertices: Float64Array; colors?: Float64Array } {
  const { count, properties, line } = element, names = properties.map(({ name, countType }) => (countType ? '' : name));
  const place = (wanted: readonly string[]): number[] => wanted.map((name) => names.indexOf(name));
  const axes = place(AXES), channels = COLOR_NAMES.map(place).find((found) => found.some((i) => i >= 0)) ?? [];
  if (axes.includes(-1)) fail('element vertex', 'properties x, y and z', names.join(', '), `line ${line}`);
  if (channels.includes(-1)) fail('element vertex', 'all three colours or none', names.join(', '), `line ${line}`);
  const scale = properties.map(({ type: { kind, bytes } }) => (kind === 'float' ? 1 : 2 ** (8 * bytes) - 1));
  if (channels.some((i) => properties[i]!.type.kind === 'signed' || scale[i]! > 65535)) fail('element vertex', 'colours of type uchar, ushort, float or double', 'another', `line ${line}`);
  const vertices = new Float64Array(3 * count), colors = new Float64Array(channels.length > 0 ? 3 * count : 0);
  for (let v = 0; v < count; v++) {
    rows.begin(`vertex ${v}`);
    properties.forEach((property, i) => {
      const axis = axes.indexOf(i), channel = channels.indexOf(i);
      if (axis >= 0) vertices[3 * v + axis] = rows.read(property.type);
      else if (channel >= 0) {
        const value = colors[3 * v + channel] = rows.read(property.type) / scale[i]!;
        if (!(value >= 0 && value <= 1)) fail(`vertex ${v}`, 'colours in [0, 1]', `${value}`, rows.position());
      } else skipProperty(property, rows, fail, `vertex ${v}`);
    });
    rows.end();
  }
  return { vertices, ...(channels.length > 0 && { colors }) };
}

interface Polygons {
  readonly corners: number[];
  /** Of each polygon, its end in `corners`. */
  readonly ends: number[];
}

function readFaces({ name, count, properties, line }: PlyElement, rows: PlyRows, fail: PlyFail, vertexCount: number, budget: MeshBudget): Polygons {
  const corners: number[] = [], ends: number[] = [];
  const list = properties.find((p) => p.countType && (p.name === 'vertex_indices' || p.name === 'vertex_index'));
  if (count > 0 && (!list || list.type.kind === 'float')) fail(`element ${name}`, 'a list vertex_indices of whole numbers', properties.map((p) => p.name).join(', ') || 'none', `line ${line}`);
  budget.faces(count);
  for (let f = 0; f < count; f++) {
    rows.begin(`face ${f}`);
    for (const property of properties) {
      if (property !== list) {
        skipProperty(property, rows, fail, `face ${f}`);
        continue;
      }
      const size = readCount(property, rows, fail, `face ${f}`);
      if (size < 3) fail(`face ${f}`, 'at least 3 corners', `${size}`, rows.position());
      budget.faces((corners.length + size) - 2 * (f + 1));
      for (let k = 0; k < size; k++) {
        const v = rows.read(property.type);
        if (v < 0 || v >= vertexCount) fail(`face ${f}`, `vertex indices in [0, ${vertexCount})`, `${v}`, rows.position());
        corners.push(v);
      }
      ends.push(corners.length);
    }
    rows.end();
  }
  return { corners, ends };
}

function readOther({ name, count, properties }: PlyElement, rows: PlyRows, fail: PlyFail): void {
  for (let r = 0; r < count; r++) {
    rows.begin(`${name} ${r}`);
    for (const property of properties) skipProperty(property, rows, fail, `${name} ${r}`);
    rows.end();
  }
}

function skipProperty(property: PlyProperty, rows: PlyRows, fail: PlyFail, what: string): void {
  rows.skip(property.type, property.countType ? readCount(property, rows, fail, what) : 1);
}

function readCount({ name, type, countType }: PlyProperty, rows: PlyRows, fail: PlyFail, what: string): number {
  const size = rows.read(countType!), room = rows.room(type);
  return size >= 0 && size <= room ? size : fail(what, `a list ${name} of at most the ${room} values left`, `${size}`, rows.position());
}

/** Options of {@link writePly}. */
export interface WritePlyOptions {
  readonly encoding: PlyEncoding;
  /** `float` rounds to 24 bits (a tenth of a micrometre on a head in mm); `double` keeps every bit. */
  readonly coordinates: 'float' | 'double';
  /** `uchar` rounds to 1/255, which every viewer reads; `float` does not. */
  readonly colors: 'uchar' | 'float';
}

export const WRITE_PLY_DEFAULTS: WritePlyOptions = { encoding: 'binary_little_endian', coordinates: 'float', colors: 'uchar' };

/**
 * Writes a mesh as PLY: `x y z`, sRGB `red green blue` where it has colours, faces as `uchar` and `int` lists.
 *
 * @throws {@link ArgumentError} if the mesh or an option is invalid, a colour outside [0, 1] or a coordinate beyond float32.
 */
export function writePly(mesh: TriangleMesh, options?: Partial<WritePlyOptions>): Uint8Array {
  const where = 'writePly', { encoding, coordinates, colors: colorType } = resolveOptions(where, WRITE_PLY_DEFAULTS, options);
  if (!PLY_ENCODINGS.includes(encoding)) throw new ArgumentError(where, 'encoding', `value ${PLY_ENCODINGS.join(' or ')}`, encoding);
  if (coordinates !== 'float' && coordinates !== 'double') throw new ArgumentError(where, 'coordinates', 'value float or double', coordinates);
  if (colorType !== 'uchar' && colorType !== 'float') throw new ArgumentError(where, 'colors', 'value uchar or float', colorType);
  const { vertices, faces, colors } = checkWritable(where, mesh, coordinates);
  const vertexCount = vertices.length / 3, faceCount = faces.length / 3;
  const header = ['ply', `format ${encoding} 1.0`, `element vertex ${vertexCount}`, ...AXES.map((name) => `property ${coordinates} ${name}`),
    ...(colors ? COLOR_NAMES[0]!.map((name) => `property ${colorType} ${name}`) : []), `element face ${faceCount}`, 'property list uchar int vertex_indices', 'end_header', ''].join('\n');
  const level = (x: number): number => (colorType === 'uchar' ? Math.round(255 * x) : x);
  if (encoding === 'ascii') return new TextEncoder().encode(header + formatRows({ vertices: coordinates === 'float' ? Float32Array.from(vertices) : vertices, faces, ...(colors && { colors: colors.map(level) }) }));

  const wide = coordinates === 'double' ? 8 : 4, colorBytes = colorType === 'uchar' ? 1 : 4, head = new TextEncoder().encode(header), little = encoding === 'binary_little_endian';
  const out = new Uint8Array(head.length + vertexCount * (3 * wide + (colors ? 3 * colorBytes : 0)) + 13 * faceCount), view = new DataView(out.buffer);
  out.set(head);
  let next = head.length;
  const put = (size: number, write: (at: number) => void): void => {
    write(next);
    next += size;
  };
  for (let i = 0; i < vertices.length; i += 3) {
    for (let k = i; k < i + 3; k++) put(wide, (at) => (wide === 8 ? view.setFloat64(at, vertices[k]!, little) : view.setFloat32(at, vertices[k]!, little)));
    for (let k = i; colors && k < i + 3; k++) put(colorBytes, (at) => (colorBytes === 1 ? view.setUint8(at, level(colors[k]!)) : view.setFloat32(at, colors[k]!, little)));
  }
  for (let i = 0; i < faces.length; i += 3) {
    put(1, (at) => view.setUint8(at, 3));
    for (let k = i; k < i + 3; k++) put(4, (at) => view.setInt32(at, faces[k]!, little));
  }
  return out;
}

function checkWritable(where: string, mesh: TriangleMesh, coordinates: 'float' | 'double'): TriangleMesh {
  assertTriangleMesh(where, mesh);
  const { vertices, colors } = mesh, stray = colors?.findIndex((x) => x < 0 || x > 1) ?? -1;
  if (colors && stray >= 0) throw new ArgumentError(where, `colors[${Math.floor(stray / 3)}]`, 'values in [0, 1]', `${colors[stray]}`);
  const far = coordinates === 'float' ? vertices.findIndex((x) => !Number.isFinite(Math.fround(x))) : -1;
  if (far >= 0) throw new ArgumentError(where, `vertices[${Math.floor(far / 3)}]`, 'coordinates within float32, or the option coordinates: double', `${vertices[far]}`);
  return mesh;
}

function formatRows({ vertices, faces, colors }: TriangleMesh): string {
  const lines: string[] = [];
  const three = (array: typeof vertices, i: number): string => [array[i]!, array[i + 1]!, array[i + 2]!].map((x) => formatNumber(x, array)).join(' ');
  for (let i = 0; i < vertices.length; i += 3) lines.push(colors ? `${three(vertices, i)} ${three(colors, i)}` : three(vertices, i));
  for (let i = 0; i < faces.length; i += 3) lines.push(`3 ${faces[i]} ${faces[i + 1]} ${faces[i + 2]}`);
  return lines.map((line) => `${line}\n`).join('');
}

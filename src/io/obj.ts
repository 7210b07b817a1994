import { ArgumentError, FormatError, UnsupportedError } from '../core/errors.ts';
import { assertTriangleMesh, type TriangleMesh } from '../mesh/triangle-mesh.ts';
import { triangulatePolygon } from '../mesh/triangulate-polygon.ts';
import { type MeshLimits, openMeshBudget } from './mesh-limits.ts';
import { formatNumber, parseDecimal, parseInteger } from './number-text.ts';

/** Statements that say nothing about a triangle mesh with vertex colours; points and lines (`p`, `l`) are among them. */
const IGNORED = new Set(('vp p l g o s mg usemtl mtllib maplib usemap bevel c_interp d_interp lod shadow_obj trace_obj ctech stech cstype deg bmat step '
  + 'parm trim hole scrv sp con end csh call').split(' '));
const FREE_FORM = new Set(['curv', 'curv2', 'surf']);

/**
 * Reads the surface of a Wavefront OBJ file: `v x y z [r g b]` and `f` of any number of corners, also with negative
 * (relative) indices. Polygons are split by `triangulatePolygon`; colours are sRGB in [0, 1], on all vertices or on none.
 *
 * Texture coordinates, normals, groups, materials, points and lines are not kept, but what the faces say of them is
 * checked. A fourth or seventh number of a vertex (weight, alpha) is not kept either; a weight must be 1.
 *
 * Wavefront, "Object Files (.obj)", Advanced Visualizer manual, appendix B1; colours as MeshLab and ZBrush write them.
 *
 * @param bytes - The file, or its text.
 * @param where - Named in errors: the path, if there is one.
 * @returns Vertices in the file's order, `[V, 3]` in the file's unit.
 * @throws {@link FormatError} with the line; {@link ArgumentError} beyond a limit; {@link UnsupportedError} for free-form surfaces.
 */
export function readObj(bytes: Uint8Array | string, where = 'readObj', limits?: Partial<MeshLimits>): TriangleMesh<Float64Array> {
  const budget = openMeshBudget(where, bytes.length, limits);
  const text = typeof bytes === 'string' ? bytes : new TextDecoder('latin1').decode(bytes);
  const vertices: number[] = [], colors: number[] = [], count = { v: 0, vt: 0, vn: 0 };
  const corners: number[] = [], ends: number[] = [], lineOf: number[] = [];
  const highest = { vt: { index: 0, line: 0 }, vn: { index: 0, line: 0 } };
  let line = 0, fields: string[] = [];
  const fail = (what: string, expected: string, actual: string, at = line): never => { throw new FormatError(where, what, expected, actual, `line ${at}`); };
  const quote = (): string => fields.join(' ').slice(0, 60);

  const readVertex = (): void => {
    budget.vertices(++count.v);
    const numbers = fields.slice(1).map(parseDecimal), n = numbers.length;
    if (![3, 4, 6, 7].includes(n) || numbers.some(Number.isNaN)) fail(`vertex ${count.v}`, '3 finite coordinates, with or without 3 colours', quote());
    if (n === 4 && numbers[3] !== 1) throw new UnsupportedError(where, `the weight ${numbers[3]} of vertex ${count.v} at line ${line}`, 'divide x, y and z by it');
    vertices.push(numbers[0]!, numbers[1]!, numbers[2]!);
    const color = n >= 6 ? numbers.slice(3, 6) : [];
    if (color.some((x) => !(x >= 0 && x <= 1))) fail(`vertex ${count.v}`, 'colours in [0, 1]', color.join(' '));
    if (colors.length !== (n >= 6 ? 3 : 0) * (count.v - 1)) fail(`vertex ${count.v}`, 'a colour like all other vertices, or none like them', quote());
    colors.push(...color);
  };

  // Indices count from 1, or backwards from the newest: the result counts from 0.
  const resolve = (part: string, kind: 'v' | 'vt' | 'vn'): number => {
    const index = parseInteger(part), zeroBased = index < 0 ? count[kind] + index : index - 1;
    if (!(zeroBased >= 0)) fail(`face ${ends.length + 1}`, `a ${kind} index from 1, or from -1 to -${count[kind]}`, part || 'nothing');
    return zeroBased;
  };
  const readFace = (): void => {
    if (fields.length < 4) fail(`face ${ends.length + 1}`, 'at least 3 corners', quote());
    budget.faces(ends.length + 1);
    for (const field of fields.slice(1)) {
      const [v, vt, vn, extra] = field.split('/');
      if (extra !== undefined) fail(`face ${ends.length + 1}`, 'corners v, v/vt, v//vn or v/vt/vn', field);
      corners.push(resolve(v!, 'v'));
      for (const [part, kind] of [[vt, 'vt'], [vn, 'vn']] as const) {
        if (!part) continue;
        const index = resolve(part, kind);
        if (index >= highest[kind].index) highest[kind] = { index: index + 1, line };
      }
    }
    ends.push(corners.length);
    lineOf.push(line);
  };

  for (let begin = 0, next = 0; begin < text.length; begin = next) {
    let statement = '';
    for (let joined = true; joined && next < text.length;) {
      const found = text.indexOf('\n', next), end = found < 0 ? text.length : found, piece = text.slice(next, text[end - 1] === '\r' ? end - 1 : end);
      next = end + 1;
      joined = piece.endsWith('\\');
      statement += joined ? `${piece.slice(0, -1)} ` : piece;
      line++;
    }
    const comment = statement.indexOf('#');
    fields = (comment < 0 ? statement : statement.slice(0, comment)).trim().split(/\s+/);
    const keyword = fields[0]!;
    if (keyword === 'v') readVertex();
    else if (keyword === 'f') readFace();
    else if (keyword === 'vt' || keyword === 'vn') {
      count[keyword]++;
      if (fields.length < (keyword === 'vn' ? 4 : 2) || fields.slice(1).some((field) => Number.isNaN(parseDecimal(field)))) fail(`${keyword} ${count[keyword]}`, 'finite numbers', quote());
    } else if (FREE_FORM.has(keyword)) throw new UnsupportedError(where, `the free-form ${keyword} at line ${line}`, 'convert it to polygons');
    else if (keyword !== '' && !IGNORED.has(keyword)) fail('a statement', 'an OBJ keyword', quote());
  }
  if (count.v === 0) fail('the file', 'at least one vertex', 'none');
  for (const kind of ['vt', 'vn'] as const) {
    if (highest[kind].index > count[kind]) fail('a face', `${kind} indices up to ${count[kind]}`, `${highest[kind].index}`, highest[kind].line);
  }

  // Faces may name vertices that come after them, so only now is every index known to be in range.
  const positions = Float64Array.from(vertices), faces: number[] = [];
  for (let f = 0, begin = 0; f < ends.length; begin = ends[f++]!) {
    const polygon = corners.slice(begin, ends[f]), stray = polygon.find((v) => v >= count.v);
    if (stray !== undefined) fail(`face ${f + 1}`, `vertex indices up to ${count.v}`, `${stray + 1}`, lineOf[f]!);
    budget.faces(faces.length / 3 + polygon.length - 2);
    triangulatePolygon(positions, polygon, faces, `${where}: face ${f + 1} at line ${lineOf[f]}`);
  }
  return { vertices: positions, faces: Int32Array.from(faces), ...(colors.length > 0 && { colors: Float64Array.from(colors) }) };
}

/**
 * Writes a mesh as Wavefront OBJ, colours after the coordinates of each vertex; reading it back gives the same numbers.
 *
 * @throws {@link ArgumentError} if the mesh is invalid or a colour lies outside [0, 1].
 */
export function writeObj(mesh: TriangleMesh): string {
  const { vertices, faces, colors } = mesh, lines: string[] = [];
  assertTriangleMesh('writeObj', mesh);
  const stray = colors?.findIndex((x) => x < 0 || x > 1) ?? -1;
  if (colors && stray >= 0) throw new ArgumentError('writeObj', `colors[${Math.floor(stray / 3)}]`, 'values in [0, 1]', `${colors[stray]}`);
  const three = (array: typeof vertices, i: number): string => [array[i]!, array[i + 1]!, array[i + 2]!].map((x) => formatNumber(x, array)).join(' ');
  for (let i = 0; i < vertices.length; i += 3) lines.push(`v ${three(vertices, i)}${colors ? ` ${three(colors, i)}` : ''}`);
  for (let i = 0; i < faces.length; i += 3) lines.push(`f ${faces[i]! + 1} ${faces[i + 1]! + 1} ${faces[i + 2]! + 1}`);
  return `${lines.join('\n')}\n`;
}

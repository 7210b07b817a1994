import { FormatError } from '../core/errors.ts';

/** MakeHuman's base mesh as its file has it: quads in named groups, one texture coordinate per corner. */
export interface MakeHumanBase {
  /** `[N, 3]`, decimetres. */
  readonly vertices: Float64Array;
  /** `[M, 2]`, (0, 0) at the bottom left. */
  readonly uvs: Float64Array;
  /** `[Q, 4]` vertex indices. */
  readonly quads: Int32Array;
  /** `[Q, 4]` rows of `uvs`; -1 where the corner has none. */
  readonly quadUvs: Int32Array;
  /** `[Q]` group of each quad, e.g. `body`, `helper-l-eye`. */
  readonly groups: readonly string[];
}

/** A morph: what it adds to some vertices, decimetres. */
export interface MorphTarget {
  readonly index: Int32Array;
  /** `[index.length, 3]`. */
  readonly delta: Float32Array;
}

/** A picture that covers the unit square of texture coordinates, row 0 on top. */
export interface Texture {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]` 8-bit sRGB. */
  readonly data: Uint8Array;
}

/** What the generator takes from the MakeHuman folder. */
export interface MakeHumanAssets {
  readonly base: MakeHumanBase;
  /** By path without extension, e.g. `nose/nose-hump-incr`; ascending. */
  readonly targets: ReadonlyMap<string, MorphTarget>;
  /** By name without `_diffuse.png`, e.g. `young_darkskinned_male`; ascending. */
  readonly skins: ReadonlyMap<string, Texture>;
  /** 68 vertices of the base mesh, iBUG order. */
  readonly landmarks68: readonly number[];
}

/**
 * Reads MakeHuman's `base.obj`: quads only, groups kept, which the general reader does not.
 *
 * @throws {@link FormatError} with the line, for a face that is no quad or an index out of range.
 */
export function parseMakeHumanBase(text: string, where = 'parseMakeHumanBase'): MakeHumanBase {
  const vertices: number[] = [], uvs: number[] = [], quads: number[] = [], quadUvs: number[] = [], groups: string[] = [];
  let group = '';
  text.split('\n').forEach((line, number) => {
    const fail = (what: string, expected: string): never => { throw new FormatError(where, what, expected, line.trim().slice(0, 60), `line ${number + 1}`); };
    const [kind, ...fields] = line.trim().split(/\s+/);
    if (kind === 'v') vertices.push(...finite(fields.slice(0, 3), 3) ?? fail('a vertex', '3 finite numbers'));
    else if (kind === 'vt') uvs.push(...finite(fields.slice(0, 2), 2) ?? fail('a texture coordinate', '2 finite numbers'));
    else if (kind === 'g') group = fields[0] ?? '';
    else if (kind === 'f') {
      if (fields.length !== 4) fail('a face', '4 corners');
      for (const field of fields) {
        const [v, vt] = field.split('/');
        const corner = Number(v) - 1, uv = vt ? Number(vt) - 1 : -1;
        if (!(corner >= 0 && corner < vertices.length / 3)) fail('a corner', `a vertex in [1, ${vertices.length / 3}]`);
        if (!(uv >= -1 && uv < uvs.length / 2)) fail('a corner', `a texture coordinate in [1, ${uvs.length / 2}]`);
        quads.push(corner);
        quadUvs.push(uv);
      }
      groups.push(group);
    }
  });
  return { vertices: Float64Array.from(vertices), uvs: Float64Array.from(uvs), quads: Int32Array.from(quads), quadUvs: Int32Array.from(quadUvs), groups };
}

/**
 * Reads a `.target`: lines `index dx dy dz`, `#` comments.
 *
 * @throws {@link FormatError} with the line.
 */
export function parseMorphTarget(text: string, vertexCount: number, where = 'parseMorphTarget'): MorphTarget {
  const index: number[] = [], delta: number[] = [];
  text.split('\n').forEach((raw, number) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const row = finite(line.split(/\s+/), 4);
    if (!row || !(Number.isInteger(row[0]) && row[0]! >= 0 && row[0]! < vertexCount)) {
      throw new FormatError(where, 'a row', `an index in [0, ${vertexCount}) and 3 finite numbers`, line.slice(0, 60), `line ${number + 1}`);
    }
    index.push(row[0]!);
    delta.push(row[1]!, row[2]!, row[3]!);
  });
  return { index: Int32Array.from(index), delta: Float32Array.from(delta) };
}

function finite(fields: readonly string[], count: number): number[] | null {
  const numbers = fields.map(Number);
  return numbers.length === count && fields.every((f) => f !== '') && numbers.every(Number.isFinite) ? numbers : null;
}

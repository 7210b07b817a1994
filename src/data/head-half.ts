import { catmullClark } from './catmull-clark.ts';
import { eyeballCap } from './eyeball-cap.ts';
import { clipSurface, combineRows, type Row, rowOf } from './linear-surface.ts';
import type { MakeHumanBase } from './makehuman.ts';
import { refineQuads } from './refine-quads.ts';
import { uvIslands } from './uv-islands.ts';

/** What a vertex of the head is made of; `HeadSurface.part` holds positions in this list. */
export const HEAD_PARTS = ['skin', 'socket', 'mouth', 'eyeball', 'upper teeth', 'lower teeth'] as const;
export type HeadPart = (typeof HEAD_PARTS)[number];

/** The half x >= 0 of the head; one entry per vertex. */
export interface HeadHalf {
  readonly rows: Row[];
  /** On the mean head, decimetres. */
  readonly positions: number[][];
  readonly parts: HeadPart[];
  /** On the lid margins and inner lips, where skin ends. */
  readonly rim: boolean[];
  /** u, v here and u, v of the mirror image; zeros on eyeballs and teeth. */
  readonly uvs: number[][];
  /** Degrees from the gaze on eyeballs, else 0. */
  readonly eyeAngles: number[];
  faces: number[][];
}

/** Half-spaces of MakeHuman's mean head that skin is kept in, decimetres: before the ears' back edge and the crown, above the throat. */
const CUTS: readonly ((p: readonly number[]) => number)[] = [
  (p) => p[2]! - 0.18 - 0.42 * Math.max(0, p[1]! - 7.45),
  (p) => p[1]! - 6.2 + 0.45 * (p[2]! - 1.1),
];
/** Rings of quads kept behind the lid margin. */
const SOCKET_RINGS = 4;

/** Longest quad edge, decimetres, that is left whole at a point: finer at brows, lids, nose and lips. */
function edgeLimit(x: number, y: number, z: number): number {
  if (z < 0.75) return 1;
  const inside = (x0: number, x1: number, y0: number, y1: number): boolean => x > x0 && x < x1 && y > y0 && y < y1;
  if (inside(0.04, 0.6, 7.44, 7.66)) return 0.034;
  if (inside(0, 0.22, 6.95, 7.3)) return 0.034;
  if (inside(0, 0.32, 6.58, 6.9) || inside(0.1, 0.52, 7.24, 7.45)) return 0.03;
  return inside(0, 0.6, 6.3, 7.6) ? 0.1 : 0.16;
}

/**
 * Builds the half: Catmull-Clark points of the base mesh, quads coarser than {@link edgeLimit} split in four, cut by planes,
 * with a cap for the eyeball, the mouth's cavity and MakeHuman's teeth.
 *
 * @param mean - `[N, 3]` from `meanHead`.
 * @param mirrorVertex - `[N]` the base mesh's vertex on the other side.
 */
export function buildHeadHalf(base: MakeHumanBase, mean: Float64Array, mirrorVertex: Int32Array): HeadHalf {
  const half: HeadHalf = { rows: [], positions: [], parts: [], rim: [], uvs: [], eyeAngles: [], faces: [] };
  addBody(half, base, mean, mirrorVertex);
  const isSkin = (f: readonly number[]): boolean => f.some((v) => half.parts[v] === 'skin' && !half.rim[v]), inside = half.faces.filter((f) => !isSkin(f));
  half.faces = half.faces.filter(isSkin);
  for (const cut of CUTS) {
    clipSurface(half, (p) => cut(p), (v, a, b, t) => {
      const [ua, ub] = [half.uvs[a]!, half.uvs[b]!], nearest = t < 0.5 ? ua : ub;
      half.uvs[v] = ua.map((x, k) => (Math.abs(x - ub[k]!) > 0.05 ? nearest[k]! : (1 - t) * x + t * ub[k]!));
      half.parts[v] = half.parts[a]!;
      half.rim[v] = false;
      half.eyeAngles[v] = 0;
    });
  }
  half.faces.push(...inside);
  drawInMouth(half, mirrorVertex);
  addTeeth(half, base);
  const helper = [...verticesOf(base, 'helper-l-eye')], cap = eyeballCap(helper, mean);
  append(half, cap.rows, cap.faces, 'eyeball', cap.angles);
  return dropUnused(half, mean);
}

function verticesOf(base: MakeHumanBase, group: string): Set<number> {
  return new Set(base.groups.flatMap((name, q) => (name === group ? [...base.quads.subarray(4 * q, 4 * q + 4)] : [])));
}

function append(half: HeadHalf, rows: readonly Row[], faces: readonly (readonly number[])[], part: HeadPart, eyeAngles: readonly number[] = []): void {
  const start = half.rows.length;
  rows.forEach((row, i) => {
    half.rows.push(row);
    half.positions.push([]);
    half.parts.push(part);
    half.rim.push(false);
    half.uvs.push([0, 0, 0, 0]);
    half.eyeAngles.push(eyeAngles[i] ?? 0);
  });
  half.faces.push(...faces.map((f) => f.map((v) => start + v)));
}

function addTeeth(half: HeadHalf, base: MakeHumanBase): void {
  for (const part of ['upper teeth', 'lower teeth'] as const) {
    const local = new Map<number, number>(), faces: number[][] = [];
    base.groups.forEach((name, q) => {
      const corners = [...base.quads.subarray(4 * q, 4 * q + 4)];
      if (name !== `helper-${part.replace(' ', '-')}` || corners.some((v) => base.vertices[3 * v]! < 0)) return;
      for (const v of corners) if (!local.has(v)) local.set(v, local.size);
      const [a, b, c, d] = corners.map((v) => local.get(v)!) as [number, number, number, number];
      faces.push([a, b, c], [a, c, d]);
    });
    append(half, [...local.keys()].map((v): Row => new Map([[v, 1]])), faces, part);
  }
}

/** Skin, sockets and mouth of the half, not yet cut. */
function addBody(half: HeadHalf, base: MakeHumanBase, mean: Float64Array, mirrorVertex: Int32Array): void {
  const N = mean.length / 3, point = (v: number): number[] => [mean[3 * v]!, mean[3 * v + 1]!, mean[3 * v + 2]!];
  const headQuads = base.groups.flatMap((name, q) => (name === 'body' && [0, 1, 2, 3].every((k) => mean[3 * base.quads[4 * q + k]! + 1]! > 5.9) ? [q] : []));
  const islands = uvIslands(base, headQuads), partOf = new Map<number, HeadPart>(), rank = new Map<number, number>();
  const middleOf = (q: number): number[] => [0, 1, 2].map((k) => [0, 1, 2, 3].reduce((sum, c) => sum + mean[3 * base.quads[4 * q + c]! + k]! / 4, 0));
  // Islands by size: face and scalp, then mouth, left and right socket, neck; told apart by where their quads lie.
  for (const root of new Set(islands)) {
    const own = headQuads.filter((_, i) => islands[i] === root), centres = own.map(middleOf), extent = (k: number): number => Math.max(...centres.map((p) => p[k]!)) - Math.min(...centres.map((p) => p[k]!));
    const part: HeadPart = extent(0) < 0.4 && extent(1) < 0.4 ? 'socket' : extent(0) < 0.9 ? 'mouth' : 'skin';
    own.forEach((q) => { partOf.set(q, part); rank.set(q, part === 'skin' ? -own.length : 1); });
  }
  const inner = socketRings(base, headQuads.filter((q) => partOf.get(q) === 'socket'), headQuads.filter((q) => partOf.get(q) === 'skin'));
  const quads = Int32Array.from(headQuads.flatMap((q) => [...base.quads.subarray(4 * q, 4 * q + 4)])), step = catmullClark(quads, N), edgeCount = step.edges.length / 2;
  const chosen = headQuads.map((q) => {
    const corners = [0, 1, 2, 3].map((k) => point(base.quads[4 * q + k]!)), [x, y, z] = middleOf(q) as [number, number, number];
    const longest = Math.max(...corners.map((p, k) => Math.hypot(...p.map((c, i) => c - corners[(k + 1) % 4]![i]!))));
    return partOf.get(q) === 'skin' && longest > edgeLimit(Math.abs(x), y, z);
  });
  const { polygons, sources } = refineQuads(quads, step.quadEdges, chosen, N, edgeCount);
  const mouth = new Set(headQuads.flatMap((q) => (partOf.get(q) === 'mouth' ? [...base.quads.subarray(4 * q, 4 * q + 4)] : [])));
  const smooth = (row: number): Row => {
    if (mouth.has(row)) return new Map([[row, 1]]);
    const ends = row >= N && row < N + edgeCount ? [...step.edges.subarray(2 * (row - N), 2 * (row - N) + 2)] : [];
    return ends.length > 0 && ends.every((v) => mouth.has(v)) ? new Map(ends.map((v) => [v, 0.5])) : rowOf(step.matrix, row);
  };
  const mirrorQuad = quadMirror(base, headQuads, mirrorVertex), local = new Map<number, number>(), bestRank: number[] = [];
  polygons.forEach((polygon, i) => {
    const position = sources[i]!, q = headQuads[position]!, part = partOf.get(q)!;
    if ([0, 1, 2, 3].some((k) => base.vertices[3 * base.quads[4 * q + k]!]! < 0) || inner.has(q)) return;
    const corners = polygon.map((row) => {
      let v = local.get(row);
      if (v === undefined) {
        local.set(row, v = half.rows.length);
        append(half, [smooth(row)], [], part);
        half.positions[v] = [0, 1, 2].map((k) => [...half.rows[v!]!].reduce((sum, [col, w]) => sum + w * mean[3 * col + k]!, 0));
        bestRank.push(Infinity);
      }
      if (half.parts[v] !== part) {
        half.rim[v] = true;
        half.parts[v] = 'skin';
      }
      if (rank.get(q)! < bestRank[v]!) {
        bestRank[v] = rank.get(q)!;
        half.uvs[v] = cornersOf(row, position, quads, step, N, edgeCount).reduce((sum, k, _, { length }) => {
          const there = mirrorQuad(q, k), at = (uv: number, c: number): number => base.uvs[2 * uv + c]! / length;
          const here = base.quadUvs[4 * q + k]!;
          return [sum[0]! + at(here, 0), sum[1]! + at(here, 1), sum[2]! + at(there, 0), sum[3]! + at(there, 1)];
        }, [0, 0, 0, 0]);
      }
      return v;
    });
    half.faces.push(...splitPolygon(corners, half.positions));
  });
}

/**
 * MakeHuman's mouth leads down the throat, out of the part of the head that is kept: what lies deeper than 25 mm behind the lips
 * is drawn towards the middle of the cavity, and its walls a little off the cheeks.
 */
function drawInMouth({ rows, positions, parts }: HeadHalf, mirrorVertex: Int32Array): void {
  const own = parts.flatMap((part, v) => (part === 'mouth' ? [v] : [])), front = own.filter((v) => positions[v]![2]! > 0.9);
  const [, cy, cz] = [0, 1, 2].map((k) => front.reduce((sum, v) => sum + positions[v]![k]! / front.length, 0));
  const beside = combineRows(front.map((v) => [rows[v]!, 0.5 / front.length])), mirrored: Row = new Map([...beside].map(([col, w]) => [mirrorVertex[col]!, w]));
  const centre = combineRows([[beside, 1], [mirrored, 1]]); // in the middle plane
  for (const v of own) {
    const [x, y, z] = positions[v]! as [number, number, number], deep = Math.max(0, 1.15 - z), kept = 1.15 - 0.35 * (1 - Math.exp(-deep / 0.35));
    const share = Math.max(deep > 0 ? (kept - z) / (cz! - z) : 0, 0.3 * Math.min(1, Math.max(0, (Math.abs(x) - 0.14) / 0.08)));
    rows[v] = combineRows([[rows[v]!, 1 - share], [centre, share]]);
    positions[v] = [(1 - share) * x, (1 - share) * y + share * cy!, (1 - share) * z + share * cz!];
  }
}

/** Corners of quad `position` whose mean is the point of a Catmull-Clark row. */
function cornersOf(row: number, position: number, quads: Int32Array, step: { readonly quadEdges: Int32Array }, N: number, edgeCount: number): number[] {
  if (row < N) return [quads.subarray(4 * position, 4 * position + 4).indexOf(row)];
  if (row >= N + edgeCount) return [0, 1, 2, 3];
  const k = step.quadEdges.subarray(4 * position, 4 * position + 4).indexOf(row - N);
  return [k, (k + 1) % 4];
}

/** Texture coordinate, as a row of `uvs`, of the mirror image of corner k of quad q. */
function quadMirror(base: MakeHumanBase, quadIndex: readonly number[], mirrorVertex: Int32Array): (q: number, k: number) => number {
  const key = (corners: Iterable<number>): string => [...corners].sort((a, b) => a - b).join(' ');
  const corners = (q: number): Int32Array => base.quads.subarray(4 * q, 4 * q + 4), byCorners = new Map(quadIndex.map((q) => [key(corners(q)), q]));
  return (q, k) => {
    const there = byCorners.get(key(corners(q).map((v) => mirrorVertex[v]!)))!;
    return base.quadUvs[4 * there + corners(there).indexOf(mirrorVertex[corners(q)[k]!]!)]!;
  };
}

/** Socket quads more than {@link SOCKET_RINGS} rings behind the lid margin. */
function socketRings(base: MakeHumanBase, socket: readonly number[], skin: readonly number[]): Set<number> {
  const corners = (q: number): number[] => [...base.quads.subarray(4 * q, 4 * q + 4)];
  let front = new Set(skin.flatMap(corners)), left = [...socket];
  for (let ring = 0; ring < SOCKET_RINGS; ring++) {
    const reached = left.filter((q) => corners(q).some((v) => front.has(v)));
    left = left.filter((q) => !reached.includes(q));
    front = new Set(reached.flatMap(corners));
  }
  return new Set(left);
}

/** A quad is split along its shorter diagonal. */
function splitPolygon(polygon: readonly number[], positions: readonly (readonly number[])[]): number[][] {
  if (polygon.length === 3) return [[...polygon]];
  const [a, b, c, d] = polygon as [number, number, number, number];
  const length = (v: number, w: number): number => Math.hypot(...positions[v]!.map((x, k) => x - positions[w]![k]!));
  return length(a, c) <= length(b, d) ? [[a, b, c], [a, c, d]] : [[a, b, d], [b, c, d]];
}

function dropUnused(half: HeadHalf, mean: Float64Array): HeadHalf {
  const used = new Set(half.faces.flat()), kept = half.rows.flatMap((_, v) => (used.has(v) ? [v] : [])), place = new Map(kept.map((v, i) => [v, i]));
  const pick = <T>(values: readonly T[]): T[] => kept.map((v) => values[v]!), rows = pick(half.rows);
  const positions = rows.map((row) => [0, 1, 2].map((k) => [...row].reduce((sum, [col, w]) => sum + w * mean[3 * col + k]!, 0)));
  return { rows, positions, parts: pick(half.parts), rim: pick(half.rim), uvs: pick(half.uvs), eyeAngles: pick(half.eyeAngles), faces: half.faces.map((f) => f.map((v) => place.get(v)!)) };
}

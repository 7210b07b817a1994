import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { FloatArray } from '../sparse/csr-matrix.ts';
import { CollapseHeap } from './collapse-heap.ts';
import { QUADRIC_SIZE, addPlaneQuadric, addPointQuadric, evaluateQuadric, mergeQuadrics } from './quadrics.ts';
import { assertTriangleMesh, type TriangleMesh } from './triangle-mesh.ts';

/** Options of {@link createDecimator}. */
export interface DecimateOptions {
  /** `[V]`, positive: multiplies the cost of removing the vertex. `null` is 1 everywhere. */
  readonly importance: FloatArray | number[] | null;
  /** Weight of the planes that hold open borders and seams of three or more faces, against that of faces. */
  readonly borderWeight: number;
  /** Weight of the squared distance moved, against that of the squared distance to the planes: keeps triangles even where the surface is flat. */
  readonly evenness: number;
}

export const DECIMATE_DEFAULTS: DecimateOptions = { importance: null, borderWeight: 10, evenness: 1e-3 };

/** What remains of a mesh. */
export interface DecimatedMesh {
  /** Input indices of the vertices left, ascending. */
  readonly kept: Int32Array;
  /** `[F, 3]` in input indices; neither degenerate nor duplicate. */
  readonly faces: Int32Array;
  /** `[V]` the vertex left that each input vertex was merged into, itself if left; -1 where a part without faces was dropped. */
  readonly mergedInto: Int32Array;
  /** Collapses so far that no rule-abiding one was left for: flips, slivers or changes of topology were then accepted. */
  readonly relaxed: number;
}

/** A decimation in progress. */
export interface Decimator {
  /**
   * Collapses edges until `count` vertices are left (at least one).
   *
   * @throws {@link ArgumentError} if `count` is no positive integer.
   */
  reduceTo(count: number): DecimatedMesh;
}

interface Rules {
  /** Least cosine between a face's normals before and after. */
  readonly minCosine: number;
  /** Least shape quality of a face after: 1 for equilateral, 0 for zero area, unless it was worse before. */
  readonly minQuality: number;
  /** Borders stay borders, no two sheets are glued together, no part of the surface vanishes. */
  readonly topology: boolean;
}

// Every collapse of an earlier stage goes before any of a later one. The last accepts anything, so that every count can be reached.
const STAGES: readonly Rules[] = [
  { minCosine: 0.2, minQuality: 0.1, topology: true },
  { minCosine: 0, minQuality: 0, topology: true },
  { minCosine: -2, minQuality: 0, topology: false },
];

/**
 * Simplifies a triangle mesh by collapsing edges onto one of their ends in order of quadric error.
 *
 * Garland and Heckbert, "Surface Simplification Using Quadric Error Metrics", SIGGRAPH 1997; vertices left do not move.
 * Planes are weighted by face area; borders are held by planes through them, at right angles to their face. Equal
 * costs fall to the lower index and only exactly rounded arithmetic is used, so the result has the same bits everywhere.
 *
 * Vertices without faces are dropped first. Where no collapse obeys the rules, flips and then changes of topology are
 * accepted and counted in `relaxed`.
 *
 * @throws {@link ArgumentError} if the mesh or the importance is invalid.
 */
export function createDecimator(mesh: TriangleMesh, options?: Partial<DecimateOptions>): Decimator {
  const where = 'createDecimator', { importance, borderWeight, evenness } = resolveOptions(where, DECIMATE_DEFAULTS, options);
  assertTriangleMesh(where, mesh);
  const count = mesh.vertices.length / 3;
  assertImportance(where, importance, count);
  const x = unitBox(mesh.vertices);
  const faces = soundFaces(mesh.faces);
  const facesOf: number[][] = Array.from({ length: count }, () => []);
  for (let f = 0; f < faces.length / 3; f++) for (let k = 0; k < 3; k++) facesOf[faces[3 * f + k]!]!.push(f);
  const quadrics = new Float64Array(count * QUADRIC_SIZE);
  const target = new Int32Array(count).fill(-1), parent = new Int32Array(count).fill(-1), alive = new Uint8Array(count).fill(1);
  const mark = new Int32Array(count), n0 = new Float64Array(4), n1 = new Float64Array(4);
  const heap = new CollapseHeap(count), stageOf = new Uint8Array(count);
  let stamp = 0, left = count, relaxed = 0;

  // n = (normal of length 2 area, quality) of face f, with vertex `from` moved to where `to` is.
  const measure = (f: number, from: number, to: number, n: Float64Array): void => {
    const [a, b, c] = [0, 1, 2].map((k) => 3 * (faces[3 * f + k] === from ? to : faces[3 * f + k]!)) as [number, number, number];
    const ux = x[b]! - x[a]!, uy = x[b + 1]! - x[a + 1]!, uz = x[b + 2]! - x[a + 2]!;
    const vx = x[c]! - x[a]!, vy = x[c + 1]! - x[a + 1]!, vz = x[c + 2]! - x[a + 2]!;
    const wx = vx - ux, wy = vy - uy, wz = vz - uz;
    n[0] = uy * vz - uz * vy;
    n[1] = uz * vx - ux * vz;
    n[2] = ux * vy - uy * vx;
    const squares = ux * ux + uy * uy + uz * uz + vx * vx + vy * vy + vz * vz + wx * wx + wy * wy + wz * wz;
    n[3] = squares > 0 ? 2 * Math.sqrt(3) * Math.sqrt(n[0]! * n[0]! + n[1]! * n[1]! + n[2]! * n[2]!) / squares : 0;
  };

  const neighbours = (v: number): number[] => {
    const out: number[] = [];
    stamp++;
    mark[v] = stamp;
    for (const f of facesOf[v]!) {
      for (let k = 3 * f; k < 3 * f + 3; k++) {
        const u = faces[k]!;
        if (mark[u] !== stamp) {
          mark[u] = stamp;
          out.push(u);
        }
      }
    }
    return out;
  };

  const facesAt = (v: number, u: number): number[] => facesOf[v]!.filter((f) => faces[3 * f] === u || faces[3 * f + 1] === u || faces[3 * f + 2] === u);

  const keepsTopology = (v: number, u: number): boolean => {
    // (1) A vertex on a border or seam may only slide along it, and not away from where several meet.
    const around = neighbours(v), special = around.filter((w) => facesAt(v, w).length !== 2);
    if (special.length > 0 && !(special.length === 2 && special.includes(u))) return false;
    // (2) Link condition: the vertices next to both are those opposite the edge.
    const shared = facesAt(v, u), near = new Set(neighbours(u));
    if (around.filter((w) => near.has(w)).length !== shared.length) return false;
    // (3) No vertex is left without a face: a part of the surface would vanish.
    if (facesOf[v]!.length === shared.length && facesOf[u]!.length === shared.length) return false;
    if (shared.some((f) => [0, 1, 2].some((k) => facesOf[faces[3 * f + k]!]!.length === 1 && faces[3 * f + k] !== v))) return false;
    // (4) No face falls onto another.
    for (const f of facesOf[v]!) {
      if (shared.includes(f)) continue;
      const [a, b] = [faces[3 * f]!, faces[3 * f + 1]!, faces[3 * f + 2]!].filter((w) => w !== v) as [number, number];
      if (facesAt(u, a).some((g) => faces[3 * g] === b || faces[3 * g + 1] === b || faces[3 * g + 2] === b)) return false;
    }
    return true;
  };

  const keepsShape = (v: number, u: number, { minCosine, minQuality }: Rules): boolean => {
    for (const f of facesOf[v]!) {
      if (faces[3 * f] === u || faces[3 * f + 1] === u || faces[3 * f + 2] === u) continue;
      measure(f, -1, -1, n0);
      measure(f, v, u, n1);
      if (n1[3]! < minQuality && n1[3]! < n0[3]!) return false;
      const dot = n0[0]! * n1[0]! + n0[1]! * n1[1]! + n0[2]! * n1[2]!;
      const lengths = Math.sqrt((n0[0]! * n0[0]! + n0[1]! * n0[1]! + n0[2]! * n0[2]!) * (n1[0]! * n1[0]! + n1[1]! * n1[1]! + n1[2]! * n1[2]!));
      if (lengths > 0 && dot < minCosine * lengths) return false;
    }
    return true;
  };

  const isLegal = (v: number, u: number, rules: Rules): boolean => (!rules.topology || keepsTopology(v, u)) && keepsShape(v, u, rules);

  // Puts v into the heap with its cheapest legal collapse of the earliest stage that has one.
  const consider = (v: number): void => {
    target[v] = -1;
    stageOf[v] = 0;
    if (facesOf[v]!.length === 0) {
      heap.set(v, 0, -1);
      return;
    }
    const candidates = neighbours(v).map((u) => {
      const [px, py, pz] = [x[3 * u]!, x[3 * u + 1]!, x[3 * u + 2]!];
      return { u, cost: Math.max(0, evaluateQuadric(quadrics, v, px, py, pz) + evaluateQuadric(quadrics, u, px, py, pz)) * (importance?.[v] ?? 1) };
    }).sort((a, b) => a.cost - b.cost || a.u - b.u);
    for (const [stage, rules] of STAGES.entries()) {
      const best = candidates.find(({ u }) => isLegal(v, u, rules));
      if (!best) continue;
      target[v] = best.u;
      stageOf[v] = stage;
      heap.set(v, stage, best.cost);
      return;
    }
  };

  const remove = (v: number): void => {
    heap.delete(v);
    alive[v] = 0;
    left--;
  };

  const collapse = (v: number, u: number): void => {
    const moved = facesOf[v]!, known = new Set(facesOf[u]!.map((f) => faceKey(faces, f)));
    const lost: number[] = [];
    facesOf[v] = [];
    for (const f of moved) {
      const before = [faces[3 * f]!, faces[3 * f + 1]!, faces[3 * f + 2]!];
      const degenerate = before.includes(u);
      if (!degenerate) for (let k = 3 * f; k < 3 * f + 3; k++) if (faces[k] === v) faces[k] = u;
      if (degenerate || known.has(faceKey(faces, f))) {
        for (const w of before) {
          if (w === v) continue;
          facesOf[w]!.splice(facesOf[w]!.indexOf(f), 1);
          lost.push(w);
        }
        faces.fill(-1, 3 * f, 3 * f + 3);
      } else {
        facesOf[u]!.push(f);
        known.add(faceKey(faces, f));
      }
    }
    mergeQuadrics(quadrics, u, v);
    parent[v] = u;
    remove(v);
    for (const w of new Set([u, ...neighbours(u), ...lost])) consider(w);
  };

  accumulateQuadrics(x, faces, quadrics, borderWeight, evenness);
  for (let v = 0; v < count; v++) consider(v);

  const reduceTo = (wanted: number): DecimatedMesh => {
    if (!(Number.isInteger(wanted) && wanted >= 1)) throw new ArgumentError('reduceTo', 'count', 'a positive integer', `${wanted}`);
    while (left > wanted) {
      const v = heap.peek()!, u = target[v]!, stage = stageOf[v]!;
      if (u < 0) {
        remove(v);
        continue;
      }
      // What was found when v was last looked at may have changed two edges away.
      consider(v);
      if (heap.peek() !== v || target[v] !== u || stageOf[v] !== stage) continue;
      if (stage > 0) relaxed++;
      collapse(v, u);
    }
    const kept = Int32Array.from(alive.keys()).filter((v) => alive[v]);
    const mergedInto = Int32Array.from(alive, (_, v) => {
      let root = v;
      while (parent[root]! >= 0) root = parent[root]!;
      return alive[root] ? root : -1;
    });
    return { kept, faces: Int32Array.from(faces).filter((v) => v >= 0), mergedInto, relaxed };
  };
  return { reduceTo };
}

/** @internal Also checked by `buildHierarchy`, before it reorders. */
export function assertImportance(where: string, importance: DecimateOptions['importance'], count: number): void {
  if (!importance) return;
  if (importance.length !== count) throw new ArgumentError(where, 'importance', `length ${count}`, `${importance.length}`);
  const unfit = Array.prototype.findIndex.call(importance, (x: number) => !(x > 0 && x < Infinity));
  if (unfit >= 0) throw new ArgumentError(where, `importance[${unfit}]`, 'a positive value', `${importance[unfit]}`);
}

// Centred, largest half extent 1: quadrics neither overflow nor cancel.
function unitBox(vertices: FloatArray): Float64Array {
  const centre = [0, 0, 0], half = [0, 0, 0];
  for (let k = 0; k < 3 && vertices.length > 0; k++) {
    let low = Infinity, high = -Infinity;
    for (let i = k; i < vertices.length; i += 3) {
      low = Math.min(low, vertices[i]!);
      high = Math.max(high, vertices[i]!);
    }
    centre[k] = low / 2 + high / 2;
    half[k] = high / 2 - low / 2;
  }
  const scale = Math.max(...half) || 1;
  return Float64Array.from(vertices, (value, i) => (value - centre[i % 3]!) / scale);
}

const faceKey = (faces: ArrayLike<number>, f: number): string =>
  [faces[3 * f]!, faces[3 * f + 1]!, faces[3 * f + 2]!].sort((a, b) => a - b).join();

// Without faces that repeat a vertex or another face.
function soundFaces(faces: Int32Array): Int32Array {
  const seen = new Set<string>(), out: number[] = [];
  for (let f = 0; f < faces.length / 3; f++) {
    const [a, b, c] = [faces[3 * f]!, faces[3 * f + 1]!, faces[3 * f + 2]!], key = faceKey(faces, f);
    if (a === b || b === c || c === a || seen.has(key)) continue;
    seen.add(key);
    out.push(a, b, c);
  }
  return Int32Array.from(out);
}

function accumulateQuadrics(x: Float64Array, faces: Int32Array, quadrics: Float64Array, borderWeight: number, evenness: number): void {
  const facesAtEdge = new Map<number, number>(), count = x.length / 3;
  const edgeKey = (a: number, b: number): number => Math.min(a, b) * count + Math.max(a, b);
  for (let i = 0; i < faces.length; i++) {
    const key = edgeKey(faces[i]!, faces[i % 3 === 2 ? i - 2 : i + 1]!);
    facesAtEdge.set(key, (facesAtEdge.get(key) ?? 0) + 1);
  }
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [faces[f]!, faces[f + 1]!, faces[f + 2]!];
    const [a, b, c] = corners.map((v) => [x[3 * v]!, x[3 * v + 1]!, x[3 * v + 2]!]) as [number[], number[], number[]];
    const cross = crossOf(minus(b, a), minus(c, a)), area = Math.sqrt(dotOf(cross, cross)) / 2;
    if (!(area > 0)) continue;
    const normal = cross.map((n) => n / (2 * area));
    for (const v of corners) {
      addPlaneQuadric(quadrics, v, area / 3, normal[0]!, normal[1]!, normal[2]!, -dotOf(normal, a));
      addPointQuadric(quadrics, v, evenness * area / 3, x[3 * v]!, x[3 * v + 1]!, x[3 * v + 2]!);
    }
    for (let k = 0; k < 3; k++) {
      const from = corners[k]!, to = corners[(k + 1) % 3]!;
      if (facesAtEdge.get(edgeKey(from, to)) === 2) continue;
      const start = [a, b, c][k]!, along = minus([a, b, c][(k + 1) % 3]!, start), out = crossOf(along, normal), length = Math.sqrt(dotOf(out, out));
      if (!(length > 0)) continue;
      const side = out.map((n) => n / length);
      for (const v of [from, to]) addPlaneQuadric(quadrics, v, borderWeight * length * length, side[0]!, side[1]!, side[2]!, -dotOf(side, start));
    }
  }
}

const minus = (a: number[], b: number[]): number[] => [a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!];
const dotOf = (a: number[], b: number[]): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
const crossOf = (a: number[], b: number[]): number[] =>
  [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];

import { ArgumentError } from '../core/errors.ts';
import type { ProgressListener } from '../core/progress.ts';
import { createBorderTest } from '../mesh/border-test.ts';
import { createClosestPoint, type SurfacePoint } from '../mesh/closest-point.ts';
import { createExtension } from '../mesh/extend-smoothly.ts';
import { flippedFaces } from '../mesh/flipped-faces.ts';
import { createSurfaceMatcher } from '../mesh/match-surface.ts';
import { REGISTER_DEFAULTS, registerSurface, type RegisterOptions } from '../mesh/register-surface.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { carryModes, type ModeKind } from './carry-modes.ts';
import { fitSphere } from './fit-sphere.ts';
import { type HeadPieces, headPieces } from './head-pieces.ts';
import type { HeadRegistration, RegisterableHead, RegistrationErrors } from './head-registration.ts';
import { HEAD_REGIONS } from './head-topology.ts';
import { ICT_NARROW, type IctFace } from './ict.ts';
import { INNER_LANDMARKS, placeFace } from './place-face.ts';
import { createRimClosing } from './rim-closing.ts';
import { rimPlaces } from './rim-places.ts';

/** What is drawn to the scanned face; ears, sockets and the mouth's inside follow. */
const DRAWN = ['skin', 'brow', 'lips'];

/**
 * The project's head in the shape of ICT-FaceKit's neutral face, with its modes, by {@link registerSurface}.
 *
 * The scanned face keeps its size, in millimetres. The 51 landmarks inside the outline lead. Skin, brows and lips are drawn to the scan; ears, sockets and the mouth's inside
 * follow smoothly, as does what lies beyond the scan. Eyeballs become ICT's: its centres and radii. Teeth move with the inner lips.
 *
 * @throws {@link ArgumentError} if the head has landmarks outside its connected skin.
 */
export function registerHead(head: RegisterableHead, scan: IctFace, options: { readonly register?: Partial<RegisterOptions>; readonly onProgress?: ProgressListener } = {}): { registration: HeadRegistration; errors: RegistrationErrors; scan: IctFace } {
  const { topology } = head, { face, head: rest } = placeFace(scan, head.reference, topology.landmarks68), pieces = headPieces(head), place = new Int32Array(rest.length / 3).fill(-1);
  pieces.skin.forEach((v, i) => { place[v] = i; });
  const pick = (p: ArrayLike<number>): Float64Array => Float64Array.from({ length: 3 * pieces.skin.length }, (_, i) => p[3 * pieces.skin[Math.floor(i / 3)]! + i % 3]!);
  const faces = Int32Array.from(facesWithin(topology.faces, place)), skin = { vertices: pick(rest), faces }, surface = { vertices: face.neutral, faces: face.faces };
  const landmarks = INNER_LANDMARKS.map((i) => ({ vertex: place[topology.landmarks68[i]!]!, position: face.neutral.subarray(3 * face.landmarks68[i]!, 3 * face.landmarks68[i]! + 3) }));
  if (landmarks.some(({ vertex }) => vertex < 0)) throw new ArgumentError('registerHead', 'landmarks68', 'vertices of the connected skin', 'one on an eyeball or a tooth');
  const drawn = Float64Array.from(pieces.skin, (v) => Number(DRAWN.includes(HEAD_REGIONS[topology.region[v]!]!)));
  const { vertices, matches } = registerSurface(skin, surface, landmarks, { ...options.register, follow: drawn, mirror: Int32Array.from(pieces.skin, (v) => place[topology.mirror[v]!]!), ...(options.onProgress && { onProgress: options.onProgress }) });

  const neutral = rest.slice();
  pieces.skin.forEach((v, i) => neutral.set(vertices.subarray(3 * i, 3 * i + 3), 3 * v));
  placePieces(neutral, rest, pieces, face);
  finishSkin(neutral, rest, { vertices, faces }, pieces);
  const own = pick(neutral), within = (rim: Int32Array): Int32Array => rim.map((v) => place[v]!), rims = rimPlaces({ vertices: own, faces }, { lids: pieces.eyes.map(({ lids }) => within(lids)), lips: within(pieces.lips) }, face);
  const points = Array.from(place, (i) => (i < 0 ? null : rims.get(i) ?? matches[i]!)), modes = { vertices: neutral, skin: { vertices: own, faces }, points, pieces, face };
  const registration: HeadRegistration = {
    neutral, corners: Int32Array.from(points.flatMap((p) => p?.corners ?? [0, 0, 0])), weights: Float32Array.from(points.flatMap((p) => p?.weights ?? [0, 0, 0])),
    identity: carryModes(modes, face.identity, () => 'identity', options.onProgress), expression: carryModes(modes, face.expression, (i) => kindOfExpression(face.expressionNames[i]!), options.onProgress),
    expressionNames: face.expressionNames, landmarks68: nearestVertices(face.landmarks68, face.neutral, vertices, pieces.skin),
  };
  const errors = measure(registration, points, { rest, faces: topology.faces, drawn: drawn.reduce((a, b) => a + b, 0), landmarks68: topology.landmarks68 }, face);
  return { registration, errors, scan: face };
}

function kindOfExpression(name: string): ModeKind {
  if (name.startsWith('eyeBlink')) return 'blink';
  return name.startsWith('jaw') ? 'jaw' : 'expression';
}

function* facesWithin(faces: Int32Array, place: Int32Array): Generator<number> {
  for (let f = 0; f < faces.length; f += 3) if (place[faces[f]!]! >= 0) for (let k = 0; k < 3; k++) yield place[faces[f + k]!]!;
}

/** Sockets move as the lid margins do, the mouth's cavity as the lips; between both and the skin it is smooth. Then the lips close. */
function finishSkin(neutral: Float64Array, rest: Float64Array, skin: TriangleMesh<Float64Array>, { skin: index, eyes, lips, cavity }: HeadPieces): void {
  const moves = neutral.map((x, i) => x - rest[i]!), inner = new Set([...cavity, ...eyes.flatMap(({ socket }) => [...socket])]), rim = new Set([...lips, ...eyes.flatMap(({ lids }) => [...lids])]);
  const means = [{ from: lips, to: cavity }, ...eyes.map(({ lids, socket }) => ({ from: lids, to: socket }))];
  for (const { from, to } of means) for (let k = 0; k < 3; k++) { const mean = from.reduce((sum, v) => sum + moves[3 * v + k]! / from.length, 0); for (const v of to) moves[3 * v + k] = mean; }
  drawOff(moves, rest, skin, index, { lips, cavity });
  const field = Float64Array.from({ length: skin.vertices.length }, (_, i) => moves[3 * index[Math.floor(i / 3)]! + i % 3]!), between = betweenRings(skin.faces, index, rim, inner);
  createExtension(skin, Array.from(index, (_, i) => !between.has(i)))(field, 3);
  const closed = Float64Array.from(field, (x, i) => x + rest[3 * index[Math.floor(i / 3)]! + i % 3]!), place = new Map([...index].map((v, i) => [v, i]));
  createRimClosing({ vertices: closed, faces: skin.faces }, lips.map((v) => place.get(v)!))(closed, 3);
  index.forEach((v, i) => neutral.set(closed.subarray(3 * i, 3 * i + 3), 3 * v));
}

/** How far the walls of the mouth's cavity keep from the skin, millimetres, and from how near to the lips on. */
const WALL = 10, FROM_LIPS = 0.8;

/** MakeHuman's cavity reaches 4 mm behind the skin of upper lip and chin: identities and expressions would push it through. Its walls are drawn towards its middle. */
function drawOff(moves: Float64Array, rest: Float64Array, skin: TriangleMesh<Float64Array>, index: Int32Array, { lips, cavity }: { lips: Int32Array; cavity: Int32Array }): void {
  const inside = new Set(cavity), outer = { vertices: skin.vertices, faces: Int32Array.from(facesWithout(skin.faces, (i) => inside.has(index[i]!))) }, closest = createClosestPoint(outer);
  const at = (v: number): number[] => [0, 1, 2].map((k) => rest[3 * v + k]! + moves[3 * v + k]!), edge = [...lips].map(at), middle = [0, 1, 2].map((k) => edge.reduce((sum, p) => sum + p[k]! / edge.length, 0) - (k === 2 ? 30 : 0));
  for (const v of cavity) {
    const p = at(v), from = p.map((x, k) => middle[k]! - x), length = Math.hypot(...from), lip = Math.min(...edge.map((q) => Math.hypot(...q.map((x, k) => x - p[k]!))));
    const missing = Math.max(0, Math.min(WALL, FROM_LIPS * lip) - closest(p[0]!, p[1]!, p[2]!).distance);
    for (let k = 0; k < 3; k++) moves[3 * v + k]! += Math.min(0.9, missing / length) * from[k]!;
  }
}

function* facesWithout(faces: Int32Array, left: (i: number) => boolean): Generator<number> {
  for (let f = 0; f < faces.length; f += 3) if (![0, 1, 2].some((k) => left(faces[f + k]!))) for (let k = 0; k < 3; k++) yield faces[f + k]!;
}

/** Positions in `index` of what hangs between the rims and the inner pieces. */
function betweenRings(faces: Int32Array, index: Int32Array, rim: ReadonlySet<number>, inner: ReadonlySet<number>): Set<number> {
  const out = new Set<number>();
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [...faces.subarray(f, f + 3)];
    if (corners.some((i) => inner.has(index[i]!))) for (const i of corners) if (!inner.has(index[i]!) && !rim.has(index[i]!)) out.add(i);
  }
  return out;
}

/** Eyeballs onto the scan's, whose lids fit them; teeth by as much as the inner lips went. */
function placePieces(neutral: Float64Array, rest: Float64Array, { eyes, upperTeeth, lowerTeeth, lips }: HeadPieces, { eyes: scanned }: IctFace): void {
  eyes.forEach(({ ball }, e) => {
    const own = fitSphere(Float64Array.from([...ball].flatMap((v) => [...rest.subarray(3 * v, 3 * v + 3)]))), { centre, radius } = scanned[e]!;
    for (const v of ball) for (let k = 0; k < 3; k++) neutral[3 * v + k] = centre[k]! + (radius / own.radius) * (rest[3 * v + k]! - own.centre[k]!);
  });
  const shift = [0, 1, 2].map((k) => lips.reduce((sum, v) => sum + (neutral[3 * v + k]! - rest[3 * v + k]!) / lips.length, 0));
  for (const v of [...upperTeeth, ...lowerTeeth]) for (let k = 0; k < 3; k++) neutral[3 * v + k]! += shift[k]!;
}

function nearestVertices(landmarks: Int32Array, scan: Float64Array, vertices: Float64Array, index: Int32Array): Int32Array {
  return landmarks.map((l) => {
    let best = 0, least = Infinity;
    for (let v = 0; v < index.length; v++) {
      const square = [0, 1, 2].reduce((sum, k) => sum + (vertices[3 * v + k]! - scan[3 * l + k]!) ** 2, 0);
      if (square < least) { least = square; best = v; }
    }
    return index[best]!;
  });
}

function measure({ neutral }: HeadRegistration, points: readonly (SurfacePoint | null)[], { rest, faces, drawn, landmarks68 }: { rest: Float64Array; faces: Int32Array; drawn: number; landmarks68: Int32Array }, face: IctFace): RegistrationErrors {
  const places = createSurfaceMatcher({ vertices: face.neutral, faces: face.faces })({ vertices: neutral, faces }, { minCosine: REGISTER_DEFAULTS.minCosine, maxDistance: Infinity }, points.map((p) => Number(p !== null)));
  const distance = Float64Array.from(points, (p, v) => (p ? places[v]?.distance ?? p.distance : NaN)), known = distance.filter((x) => !Number.isNaN(x)).sort(), back = distancesFrom(face.neutral.subarray(0, 3 * ICT_NARROW), { vertices: neutral, faces });
  const landmarks = Float64Array.from(INNER_LANDMARKS, (i) => Math.hypot(...[0, 1, 2].map((k) => neutral[3 * landmarks68[i]! + k]! - face.neutral[3 * face.landmarks68[i]! + k]!)));
  const mean = (x: Float64Array): number => x.reduce((a, b) => a + b, 0) / x.length, at = (x: Float64Array, q: number): number => x[Math.min(x.length - 1, Math.floor(q * x.length))]!;
  return {
    distance, median: at(known, 0.5), mean: mean(known), percentile95: at(known, 0.95), max: known.at(-1)!, matched: known.length, drawn,
    back: { median: at(back, 0.5), mean: mean(back), percentile95: at(back, 0.95) }, landmarks: { mean: mean(landmarks), max: Math.max(...landmarks) }, flipped: flippedFaces({ vertices: rest, faces }, neutral).length,
  };
}

/** From each point to a mesh, ascending; points whose nearest lies on an open border are left out. */
function distancesFrom(points: Float64Array, mesh: TriangleMesh): Float64Array {
  const closest = createClosestPoint(mesh), onBorder = createBorderTest(mesh.faces), out: number[] = [];
  for (let i = 0; i < points.length; i += 3) {
    const found = closest(points[i]!, points[i + 1]!, points[i + 2]!);
    if (!onBorder(found)) out.push(found.distance);
  }
  return Float64Array.from(out).sort();
}

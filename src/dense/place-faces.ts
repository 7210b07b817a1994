import { ArgumentError } from '../core/errors.ts';
import type { GlbCamera } from '../io/glb.ts';
import { Cholesky } from '../sparse/cholesky.ts';
import { projectPoint } from './photo-projection.ts';
import type { Projection } from './scene-record.ts';

/** A mesh with the camera that it was fitted under. */
export interface FittedMesh {
  /** `[V, 3]`, millimetres. */
  readonly vertices: ArrayLike<number>;
  /** Mesh millimetres to photo pixels. */
  readonly projection: Projection;
}

/** Where a mesh stands before the common camera. */
export interface FacePlacement {
  /** Column-major 4 x 4, mesh to scene: a rotation and a translation, millimetres. */
  readonly matrix: readonly number[];
  /** Distances in photo pixels between where the common camera shows vertices and where the mesh's own shows them: root mean square, and the largest. */
  readonly error: { readonly rms: number; readonly max: number };
}

/** Several faces before one camera. */
export interface FaceGroup {
  /** In the origin, looking down -Z, of the photo's aspect. */
  readonly camera: GlbCamera;
  readonly placements: readonly FacePlacement[];
}

/** Focal lengths that are tried, in longer edges of the photo: from 90 degrees across it to 9. */
const FOCAL_LENGTHS = Array.from({ length: 9 }, (_, i) => 0.5 * 2 ** (i / 2));

/** Vertices that a placement is fitted to: about so many. */
const SAMPLES = 400;

/** Steps of Gauss-Newton; it stands still after four. */
const STEPS = 8;

/**
 * Places meshes, each fitted under a camera of its own, before one camera through the middle of the photo: by rotation and translation, so that millimetres
 * stay millimetres, to the least squares of the pixels; the focal length is the one of several that does best over all.
 *
 * It is approximate: a face's own camera stands about a metre away, whatever the photo's did, and so sees noses larger than a far camera does. The remaining
 * error is returned. How far apart the faces stand is a consequence of their sizes in the photo, heads being taken to be alike.
 *
 * @param width - Of the photo.
 * @throws {@link ArgumentError} if there is no mesh, or one lies behind its camera.
 */
export function placeFaces(meshes: readonly FittedMesh[], width: number, height: number): FaceGroup {
  if (meshes.length === 0) throw new ArgumentError('placeFaces', 'meshes', 'at least one', 'none');
  const views = meshes.map(({ vertices, projection }) => {
    const points = Array.from({ length: vertices.length / 3 }, (_, v) => [vertices[3 * v]!, vertices[3 * v + 1]!, vertices[3 * v + 2]!] as const);
    const seen = points.map((point) => projectPoint(projection, point));
    return { points, seen, start: ownPose(projection), every: Math.max(1, Math.floor(points.length / SAMPLES)) };
  });
  let best: { focal: number; poses: Pose[]; error: number } | undefined;
  for (const share of FOCAL_LENGTHS) {
    const frame = { focal: share * Math.max(width, height), cx: width / 2, cy: height / 2 };
    const poses = views.map((view) => fitPose(view, frame)), error = poses.reduce((sum, pose, i) => sum + errorOf(views[i]!, pose, frame).rms ** 2, 0);
    if (!best || error < best.error) best = { focal: frame.focal, poses, error };
  }
  const { focal, poses } = best!, frame = { focal, cx: width / 2, cy: height / 2 };
  const depths = poses.flatMap((pose, i) => views[i]!.points.map((point) => transform(pose, point)[2]));
  const near = depths.reduce((a, b) => Math.min(a, b)), far = depths.reduce((a, b) => Math.max(a, b));
  return {
    camera: { yfov: 2 * Math.atan(height / 2 / focal), aspect: width / height, znear: near / 2, zfar: 2 * far, matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] },
    placements: poses.map((pose, i) => ({ matrix: glMatrix(pose), error: errorOf(views[i]!, pose, frame) })),
  };
}

type Vector = readonly [number, number, number];

/** Mesh to camera: x right, y down, z forward. */
interface Pose {
  readonly rows: readonly [Vector, Vector, Vector];
  readonly shift: Vector;
}

interface OwnPose extends Pose {
  /** Pixels. */
  readonly focal: number;
  /** Where the mesh's origin is seen. */
  readonly origin: readonly [number, number];
}

interface View {
  readonly points: readonly Vector[];
  readonly seen: readonly (readonly [number, number])[];
  readonly start: OwnPose;
  readonly every: number;
}

interface Frame {
  readonly focal: number;
  readonly cx: number;
  readonly cy: number;
}

const dot = (a: readonly number[], b: readonly number[]): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
const cross = (a: readonly number[], b: readonly number[]): Vector => [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
const unit = (a: readonly number[]): Vector => {
  const length = Math.hypot(a[0]!, a[1]!, a[2]!);
  return [a[0]! / length, a[1]! / length, a[2]! / length];
};
const transform = ({ rows, shift }: Pose, point: Vector): Vector => [dot(rows[0], point) + shift[0], dot(rows[1], point) + shift[1], dot(rows[2], point) + shift[2]];

/** Axes, focal length and distance of a projection's camera. */
function ownPose(projection: Projection): OwnPose {
  const [u, , w] = projection as [number[], number[], number[]], scale = 1 / Math.hypot(w[0]!, w[1]!, w[2]!), forward = unit(w);
  const across = u.slice(0, 3).map((x, k) => scale * x - scale * dot(u, forward) * forward[k]!), right = unit(across), depth = scale * w[3]!;
  if (!(depth > 0)) throw new ArgumentError('placeFaces', 'projection', 'the mesh before its camera', `a depth of ${depth} mm`);
  return { rows: [right, cross(forward, right), forward], shift: [0, 0, depth], focal: Math.hypot(...across), origin: projectPoint(projection, [0, 0, 0]) };
}

/** The pose before the common camera, by Gauss-Newton on a turn and a shift. */
function fitPose({ points, seen, start, every }: View, frame: Frame): Pose {
  // 1. As large, and seen along its ray as it was along its own axis.
  const depth = (start.shift[2] * frame.focal) / start.focal, ray: Vector = [(start.origin[0] - frame.cx) / frame.focal, (start.origin[1] - frame.cy) / frame.focal, 1];
  let pose: Pose = { rows: turned(start.rows, between([0, 0, 1], unit(ray))), shift: [depth * ray[0], depth * ray[1], depth] };
  for (let step = 0; step < STEPS; step++) {
    // 2. Normal equations over some of the vertices.
    const A = new Float64Array(36), b = new Float64Array(6);
    for (let v = 0; v < points.length; v += every) {
      const [x, y, z] = transform(pose, points[v]!), turnedPoint: Vector = [x - pose.shift[0], y - pose.shift[1], z - pose.shift[2]];
      const gradients: Vector[] = [[frame.focal / z, 0, (-frame.focal * x) / (z * z)], [0, frame.focal / z, (-frame.focal * y) / (z * z)]];
      const residuals = [(frame.focal * x) / z + frame.cx - seen[v]![0], (frame.focal * y) / z + frame.cy - seen[v]![1]];
      gradients.forEach((g, r) => {
        const row = [...cross(turnedPoint, g), ...g];
        for (let i = 0; i < 6; i++) {
          b[i]! -= row[i]! * residuals[r]!;
          for (let j = 0; j <= i; j++) A[6 * i + j]! += row[i]! * row[j]!;
        }
      });
    }
    for (let i = 0; i < 6; i++) A[7 * i]! *= 1 + 1e-9;
    const factor = new Cholesky(A, 6), [p, q, r, dx, dy, dz] = factor.backward(factor.forward(b)) as unknown as [number, number, number, number, number, number];
    pose = { rows: turned(pose.rows, [p, q, r]), shift: [pose.shift[0] + dx, pose.shift[1] + dy, pose.shift[2] + dz] };
  }
  return pose;
}

/** The turn, as a vector along its axis of the length of its angle, that takes one unit vector to another. */
function between(from: Vector, to: Vector): Vector {
  const axis = cross(from, to), sine = Math.hypot(...axis), angle = Math.atan2(sine, dot(from, to));
  return sine > 0 ? [axis[0] * angle / sine, axis[1] * angle / sine, axis[2] * angle / sine] : [0, 0, 0];
}

/** Rows of `exp([turn]) R`: Rodrigues' formula on the columns of R. */
function turned(rows: Pose['rows'], turn: Vector): Pose['rows'] {
  const angle = Math.hypot(...turn), axis = angle > 0 ? unit(turn) : turn, c = Math.cos(angle), s = Math.sin(angle);
  const columns = [0, 1, 2].map((k) => {
    const column: Vector = [rows[0][k]!, rows[1][k]!, rows[2][k]!], along = dot(axis, column), side = cross(axis, column);
    return column.map((x, i) => c * x + s * side[i]! + (1 - c) * along * axis[i]!);
  });
  return [0, 1, 2].map((r) => columns.map((column) => column[r]!) as unknown as Vector) as unknown as Pose['rows'];
}

function errorOf({ points, seen }: View, pose: Pose, { focal, cx, cy }: Frame): FacePlacement['error'] {
  let sum = 0, max = 0;
  points.forEach((point, v) => {
    const [x, y, z] = transform(pose, point), off = (cx + (focal * x) / z - seen[v]![0]) ** 2 + (cy + (focal * y) / z - seen[v]![1]) ** 2;
    sum += off;
    max = Math.max(max, off);
  });
  return { rms: Math.sqrt(sum / points.length), max: Math.sqrt(max) };
}

/** To a camera that looks down -Z, +Y up. */
const glMatrix = ({ rows: [x, y, z], shift }: Pose): number[] => [x[0], -y[0], -z[0], 0, x[1], -y[1], -z[1], 0, x[2], -y[2], -z[2], 0, shift[0], -shift[1], -shift[2], 1];

import { faceArea, SEVEN_OF_68 } from '../data/face-area.ts';
import type { HeadTopology } from '../data/head-topology.ts';
import type { PixelImage } from '../io/image.ts';
import { alignPoints, type Similarity } from '../mesh/align-points.ts';
import { movePoints } from '../mesh/move-points.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import type { Box, Point } from './crop-frame.ts';
import { visibleLandmarks68 } from './landmarks68.ts';
import { meshImage, viewOfMesh } from './mesh-image.ts';
import { projectPoint } from './photo-projection.ts';
import { pixelProjection } from '../renderer/projection.ts';

/** A scan that looks along +Z, the middle of its face at the origin, millimetres. */
export interface FrontalScan {
  readonly mesh: TriangleMesh;
  /** `[7, 3]`, in the order of `SEVEN_POINTS`. */
  readonly seven: Float64Array;
  /** `[5, 3]`: right eye, left eye, tip of the nose, right and left mouth corner. */
  readonly five: Float64Array;
  /** `[V, 3]` the mean face, scaled onto the seven points. */
  readonly meanFace: Float64Array;
}

/** How far a vertex at an eye or a nose tip may lie from the marked points, millimetres. */
const REACH = { depth: 25, noseX: 10, noseY: 30 } as const;

/**
 * Turns a scan to look along +Z, by the seven points of the mean face, and finds what a fit is told: an eye is the surface before the middle of its corners, the tip of the
 * nose what stands out most above its bottom.
 *
 * @param places - `[7, 3]` on the scan, millimetres.
 */
export function frontalScan(scan: TriangleMesh, places: ArrayLike<number>, meanFace: ArrayLike<number>, { landmarks68 }: Pick<HeadTopology, 'landmarks68'>): FrontalScan {
  const own = SEVEN_OF_68.flatMap((i) => [0, 1, 2].map((k) => meanFace[3 * landmarks68[i]! + k]!)), alignment = alignPoints(own, places, { scale: true, weights: null }), { rotation: R } = alignment;
  const turn: Similarity = { scale: 1, rotation: [R[0]!, R[3]!, R[6]!, R[1]!, R[4]!, R[7]!, R[2]!, R[5]!, R[8]!], from: faceArea(places).center, to: [0, 0, 0] };
  const vertices = movePoints(scan.vertices, turn), seven = movePoints(places, turn), at = (i: number): number[] => [seven[3 * i]!, seven[3 * i + 1]!, seven[3 * i + 2]!];
  const least = (cost: (x: number, y: number, z: number) => number): number[] => {
    let best = 0, lowest = Infinity;
    for (let i = 0; i < vertices.length; i += 3) {
      const c = cost(vertices[i]!, vertices[i + 1]!, vertices[i + 2]!);
      if (c < lowest) [best, lowest] = [i, c];
    }
    return [...vertices.subarray(best, best + 3)];
  };
  const eye = (a: number, b: number): number[] => {
    const [mx, my, mz] = at(a).map((x, k) => (x + at(b)[k]!) / 2) as [number, number, number];
    return least((x, y, z) => (z > mz && z < mz + REACH.depth ? Math.hypot(x - mx, y - my) : Infinity));
  };
  const [bx, by] = at(4) as [number, number];
  const tip = least((x, y, z) => (Math.abs(x - bx) < REACH.noseX && y > by && y < by + REACH.noseY ? -z : Infinity));
  return { mesh: { ...scan, vertices }, seven, five: Float64Array.from([...eye(0, 1), ...eye(2, 3), ...tip, ...at(5), ...at(6)]), meanFace: movePoints(movePoints(meanFace, alignment), turn) };
}

/** A picture of a scan and all that a fit of it is told and scored by; pixels. */
export interface TurnedHead {
  readonly photo: PixelImage;
  /** The tight box of the mean face's 68 landmarks, enlarged as detectors' boxes are. */
  readonly box: Box;
  readonly landmarks5: readonly Point[];
  /** Seven, in the order of `SEVEN_POINTS`. */
  readonly seven: readonly Point[];
  /** Distance of the outer eye corners, in space, at the picture's scale. */
  readonly eyes: number;
}

/** The camera: its distance, half of what its picture shows at the middle of the face, millimetres; and a detector's box over the tight one of 68 points. */
const DISTANCE = 1000, HALF = 170, BOX = 1.16;

/**
 * Draws a frontal scan from the side. Needs a backend.
 *
 * @param yaw - Radians by which the camera goes to the person's left, as if the head turned to its right.
 */
export function turnedHead({ mesh, seven, five, meanFace }: FrontalScan, topology: Pick<HeadTopology, 'faces' | 'landmarks68' | 'faceMask'>, yaw: number, size: number): TurnedHead {
  const camera = { eye: [DISTANCE * Math.sin(yaw), 0, DISTANCE * Math.cos(yaw)], lookAt: [0, 0, 0], focalLength: DISTANCE / HALF };
  const photo = meshImage(mesh, viewOfMesh(mesh, { ...camera, background: [0.45, 0.5, 0.55], ambientColor: [0.6, 0.6, 0.6], lightColor: [0.4, 0.4, 0.4] }), size);
  const projection = pixelProjection(camera, size, size), project = (points: Float64Array, i: number): Point => projectPoint(projection, points, 3 * i);
  const outline = Array.from(visibleLandmarks68(topology, meanFace, camera.eye), (v) => project(meanFace, v)), xs = outline.map(([x]) => x), ys = outline.map(([, y]) => y);
  const grown = (a: number, b: number): [number, number] => [(a + b - BOX * (b - a)) / 2, (a + b + BOX * (b - a)) / 2], [x1, x2] = grown(Math.min(...xs), Math.max(...xs)), [y1, y2] = grown(Math.min(...ys), Math.max(...ys));
  return {
    photo, box: [x1, y1, x2, y2], landmarks5: Array.from({ length: 5 }, (_, i) => project(five, i)), seven: Array.from({ length: 7 }, (_, i) => project(seven, i)),
    eyes: Math.hypot(...[0, 1, 2].map((k) => seven[9 + k]! - seven[k]!)) * size / (2 * HALF),
  };
}

import { ArgumentError } from '../core/errors.ts';
import type { GlbCamera } from '../io/glb.ts';
import { type Affine, invertAffine } from './crop-frame.ts';
import type { Projection } from './scene-record.ts';

/** Projections this far from a camera whose axis goes through the centre of the crop are refused: they would not overlay it. */
const MAX_SHIFT_PIXELS = 0.25;

/**
 * The camera that sees the mesh as the square crop shows it, as a rotation, a place and a field of view: what a glTF file can hold.
 *
 * `K [R | -R eye] = C^-1 P` up to scale, C the crop-to-photo map and K that of square pixels with the axis through the centre of the crop;
 * roll, of the camera or of the crop, ends up in R.
 *
 * @param projection - `[3][4]` mesh millimetres to photo pixels.
 * @param cropToPhoto - Crop pixels to photo pixels.
 * @param size - Edge of the crop in its pixels.
 * @param vertices - `[V, 3]`, millimetres: near and far plane stand about them.
 * @throws {@link ArgumentError} if a vertex lies behind the camera, or no such camera overlays the crop within half a pixel.
 */
export function cropCamera(projection: Projection, cropToPhoto: Affine, size: number, vertices: ArrayLike<number>): GlbCamera {
  const where = 'cropCamera', toCrop = invertAffine(cropToPhoto), [pu, pv, pw] = projection as [number[], number[], number[]];
  const scale = 1 / Math.hypot(pw[0]!, pw[1]!, pw[2]!);
  // 1. Rows that give (u w, v w, w) in crop pixels about the centre, w the distance along the view ray.
  const w = pw.map((x) => scale * x);
  const [u, v] = toCrop.map(([a, b, c]) => w.map((wk, k) => scale * (a * pu[k]! + b * pv[k]!) + (c - size / 2) * wk)) as [number[], number[]];
  // 2. For a camera these are f right, -f up and forward.
  const focal = Math.hypot(u[0]!, u[1]!, u[2]!), tall = Math.hypot(v[0]!, v[1]!, v[2]!);
  const dot = (a: readonly number[], b: readonly number[]): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
  const shift = Math.max(Math.abs(dot(u, w)), Math.abs(dot(v, w))), skew = (size / 2) * Math.max(Math.abs(tall / focal - 1), Math.abs(dot(u, v)) / (focal * tall));
  if (!(shift <= MAX_SHIFT_PIXELS && skew <= MAX_SHIFT_PIXELS)) throw new ArgumentError(where, 'projection', 'square pixels and an axis through the centre of the crop', `a shift of ${shift} and a skew of ${skew} pixels`);
  const back = w.slice(0, 3).map((x) => -x), right = unit(u.slice(0, 3).map((x, k) => x + dot(u, back) * w[k]!)), up = cross(back, right);
  // 3. The eye is where all three rows vanish: solved in the frame of the axes.
  const along = [-u[3]! / focal, v[3]! / focal, w[3]!], eye = [0, 1, 2].map((k) => along[0]! * right[k]! + along[1]! * up[k]! + along[2]! * back[k]!);
  // 4. Planes.
  let near = Infinity, far = -Infinity;
  for (let i = 0; i < vertices.length; i += 3) {
    const depth = w[0]! * vertices[i]! + w[1]! * vertices[i + 1]! + w[2]! * vertices[i + 2]! + w[3]!;
    near = Math.min(near, depth);
    far = Math.max(far, depth);
  }
  if (!(near > 0)) throw new ArgumentError(where, 'vertices', 'places before the camera', `one at a depth of ${near} mm`);
  return { yfov: 2 * Math.atan(size / 2 / focal), aspect: 1, znear: near / 2, zfar: 2 * far, matrix: [...right, 0, ...up, 0, ...back, 0, ...eye, 1] };
}

const unit = (a: readonly number[]): number[] => a.map((x) => x / Math.hypot(...a));

const cross = ([a, b, c]: readonly number[], [d, e, f]: readonly number[]): number[] => [b! * f! - c! * e!, c! * d! - a! * f!, a! * e! - b! * d!];

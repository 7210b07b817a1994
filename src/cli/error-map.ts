import type { PixelImage } from '../io/image.ts';
import { escapeXml } from './escape-xml.ts';

/** Colours from no distance to the greatest shown: dark blue, teal, green, yellow, which are told apart in grey as well (points of Matplotlib's viridis, CC0). */
const PALETTE = [[0.267, 0.005, 0.329], [0.23, 0.322, 0.546], [0.128, 0.567, 0.551], [0.369, 0.789, 0.383], [0.993, 0.906, 0.144]] as const;
/** Of vertices that have no distance. */
const NONE = [0.62, 0.62, 0.64] as const;

/** sRGB of a distance; beyond `most` as `most`. */
export function errorColor(distance: number, most: number): readonly number[] {
  if (Number.isNaN(distance)) return NONE;
  const at = Math.min(1, distance / most) * (PALETTE.length - 1), i = Math.min(PALETTE.length - 2, Math.floor(at));
  return PALETTE[i]!.map((x, k) => x + (at - i) * (PALETTE[i + 1]![k]! - x));
}

/** What {@link errorMap} draws. */
export interface ErrorMap {
  /** `[V, 3]` millimetres, and `[F, 3]`. */
  readonly vertices: Float64Array;
  readonly faces: Int32Array;
  /** `[V]` millimetres; NaN is drawn grey. */
  readonly distance: ArrayLike<number>;
  /** Millimetres at the end of the scale. */
  readonly most: number;
  /** Lines below the pictures. */
  readonly title: string;
  readonly note: string;
  /** What grey means. */
  readonly none: string;
}

const VIEWS = [0, 0.7, -0.7] as const;

/** A head from the front and both sides, coloured by distance, above a scale in millimetres. Needs a backend; its letters need a font on the machine. */
export async function errorMap({ vertices, faces, distance, most, title, note, none }: ErrorMap, size: number): Promise<PixelImage> {
  const [{ meshImage, viewOfMesh }, { decodeImage }, { tileImages }] = await Promise.all([import('../dense/mesh-image.ts'), import('../io/node-image.ts'), import('../io/image.ts')]);
  const colors = Float64Array.from(Array.from(distance).flatMap((x) => [...errorColor(x, most)])), mesh = { vertices, faces, colors }, middle = viewOfMesh(mesh).lookAt;
  const pictures = VIEWS.map((yaw) => meshImage(mesh, viewOfMesh(mesh, {
    lookAt: middle, eye: [middle[0]! - 1000 * Math.sin(yaw), middle[1]!, middle[2]! + 1000 * Math.cos(yaw)], focalLength: 1000 / 125, background: [1, 1, 1], ambientColor: [0.72, 0.72, 0.72], lightColor: [0.3, 0.3, 0.3],
  }), size));
  const above = tileImages(pictures, VIEWS.length), below = await decodeImage(new TextEncoder().encode(scale(above.width, { most, title, note, none })), 'the scale');
  const data = new Uint8Array(above.data.length + below.data.length);
  data.set(above.data);
  data.set(below.data, above.data.length);
  return { ...above, height: above.height + below.height, data };
}

const TICKS = 5, STEPS = 64;

function scale(width: number, { most, title, note, none }: Pick<ErrorMap, 'most' | 'title' | 'note' | 'none'>): string {
  const left = 0.06 * width, long = 0.42 * width, hex = (t: number): string => `rgb(${errorColor(t, 1).map((x) => Math.round(255 * x)).join(',')})`;
  const bars = Array.from({ length: STEPS }, (_, i) => `<rect x="${left + long * i / STEPS}" y="14" width="${long / STEPS + 1}" height="22" fill="${hex((i + 0.5) / STEPS)}"/>`);
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => `<text x="${left + long * i / TICKS}" y="56" text-anchor="middle">${(most * i / TICKS).toFixed(1)}${i === TICKS ? '+ mm' : ''}</text>`);
  const grey = `<rect x="${left + long + 70}" y="14" width="22" height="22" fill="rgb(${NONE.map((x) => Math.round(255 * x)).join(',')})"/><text x="${left + long + 100}" y="31">${escapeXml(none)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="104" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="14"><rect width="${width}" height="104" fill="#fff"/>${bars.join('')}${ticks.join('')}${grey}<text x="${left}" y="80">${escapeXml(title)}</text><text x="${left}" y="98">${escapeXml(note)}</text></svg>`;
}

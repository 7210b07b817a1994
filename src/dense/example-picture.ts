import { resolveOptions } from '../core/options.ts';
import { createRandom, type Random } from '../core/random.ts';
import type { HeadTopology } from '../data/head-topology.ts';
import type { PixelImage } from '../io/image.ts';
import type { Box, Point } from './crop-frame.ts';
import { meshImage, viewOfMesh } from './mesh-image.ts';
import { photoProjection, projectPoint } from './photo-projection.ts';

/** A picture of a head before a background, and where its face is in it. */
export interface ExamplePicture {
  readonly photo: PixelImage;
  /** About the face, as a detector would draw it, whole pixels. */
  readonly box: Box;
  /** Left eye, right eye, nose tip, left and right corner of the mouth as they lie in the picture; to a tenth of a pixel. */
  readonly landmarks5: readonly Point[];
  /** iBUG order, of the vertices of the topology. */
  readonly landmarks68: readonly Point[];
}

/** Options of {@link examplePicture}. */
export interface ExampleOptions {
  readonly width: number;
  readonly height: number;
  /** Radians: the head to the right of the picture, and down. */
  readonly yaw: number;
  readonly pitch: number;
  /** Radians by which the camera is turned. */
  readonly roll: number;
  /** Of background and noise. */
  readonly seed: number;
}

export const EXAMPLE_DEFAULTS: ExampleOptions = { width: 400, height: 480, yaw: 0.22, pitch: 0.06, roll: 0.07, seed: 11 };

/** Standard deviation of the noise at black and at white, in 255ths: what a small sensor does in a room. */
const NOISE = { dark: 1.5, bright: 3 };

/**
 * Draws a head as a camera would see it: turned, under a warm light from one side, before blurred lights and clothes, softened by a lens and with a
 * sensor's noise. The same numbers give the same bits on one backend.
 *
 * @param head - Millimetres and sRGB, in the frame of the project's heads.
 */
export function examplePicture(head: { readonly vertices: Float32Array; readonly colors: Float32Array }, topology: HeadTopology, options: Partial<ExampleOptions> = {}): ExamplePicture {
  const { width, height, yaw, pitch, roll, seed } = resolveOptions('examplePicture', EXAMPLE_DEFAULTS, options), size = Math.max(width, height), random = createRandom(seed);
  const lookAt = [0, -25, 40], eye = [-Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)].map((x, k) => lookAt[k]! + 1100 * x);
  const view = viewOfMesh(head, { eye, lookAt, focalLength: 6.6, roll, lightPosition: [-700, 500, 900], lightColor: [0.62, 0.57, 0.5], ambientColor: [0.5, 0.52, 0.56] });
  const drawn = meshImage({ ...head, faces: topology.faces }, view, size), left = (size - width) / 2, top = (size - height) / 2;
  const projection = photoProjection({ eye, lookAt, focalLength: view.focalLength, roll }, [[1, 0, -left], [0, 1, -top]], size);
  const place = (v: number): Point => projectPoint(projection, head.vertices, 3 * v).map((x) => Math.round(10 * x) / 10) as unknown as Point;
  const face = Array.from(topology.faceMask.keys()).filter((v) => topology.faceMask[v]! > 0.5).map(place), xs = face.map(([x]) => x), ys = face.map(([, y]) => y);
  const scene = background(width, height, neckOf(drawn, left, top), random.fork('background'));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * ((y + top) * size + x + left), at = 3 * (y * width + x), alpha = drawn.data[from + 3]! / 255;
      for (let k = 0; k < 3; k++) scene[at + k] = (1 - alpha) * scene[at + k]! + alpha * drawn.data[from + k]!;
    }
  }
  return {
    photo: { width, height, channels: 3, data: expose(soften(scene, width, height), random.fork('noise')) },
    box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].map(Math.round) as unknown as Box,
    landmarks5: Array.from(topology.landmarks5, place), landmarks68: Array.from(topology.landmarks68, place),
  };
}

/** Where the drawn head ends below, under the middle of all of it, and the colour of its skin in the middle of the face. */
function neckOf({ width, height, data }: PixelImage, left: number, top: number): { x: number; y: number; color: number[] } {
  let sum = 0, count = 0, lowest = 0;
  for (let i = 0; i < width * height; i++) {
    if (data[4 * i + 3]! < 250) continue;
    sum += i % width;
    count++;
    lowest = Math.floor(i / width);
  }
  const x = sum / Math.max(1, count), cheek = 4 * (Math.round(lowest - 0.16 * height) * width + Math.round(x));
  return { x: x - left, y: lowest - top, color: [data[cheek]!, data[cheek + 1]!, data[cheek + 2]!] };
}

/** A room out of focus: a slope of colour, discs of light, then a neck and clothes. `[height * width * 3]` in 255ths. */
function background(width: number, height: number, neck: ReturnType<typeof neckOf>, random: Random): Float32Array {
  const out = new Float32Array(3 * width * height), tone = [92, 108, 122].map((x) => x + random.normal(0, 8));
  const discs = Array.from({ length: 26 }, () => ({ x: random.uniform(0, width), y: random.uniform(0, 0.8 * height), r: random.uniform(12, 42), c: [1.2, 1, 0.7].map((x) => x * random.uniform(4, 30)) }));
  // Soft ellipses over what is there: share 1 inside, falling over `soft` of the radius.
  const cover = (x: number, y: number, cx: number, cy: number, rx: number, ry: number, soft: number): number => Math.min(1, Math.max(0, (1 - Math.hypot((x - cx) / rx, (y - cy) / ry)) / soft));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = tone.map((t, k) => t + 30 * (0.5 - y / height) + (k === 0 ? 18 : -6) * (x / width - 0.5));
      for (const { x: cx, y: cy, r, c } of discs) {
        const share = cover(x, y, cx, cy, r, r, 0.25);
        for (let k = 0; k < 3; k++) color[k]! += share * c[k]!;
      }
      const skin = cover(x, y, neck.x, neck.y - 20, 66, 190, 0.1), cloth = cover(x, y, neck.x, neck.y + 205, 225, 175, 0.05);
      const fold = 5 * Math.sin(x / 29 + y / 43) + 3 * Math.sin(x / 3);
      for (let k = 0; k < 3; k++) {
        color[k] = (1 - skin) * color[k]! + skin * 0.62 * neck.color[k]!;
        color[k] = (1 - cloth) * color[k]! + cloth * ([38, 54, 78][k]! + fold);
        out[3 * (y * width + x) + k] = color[k]!;
      }
    }
  }
  return out;
}

/** A lens that is not perfect: binomial 3 x 3, edges repeated. */
function soften(image: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(image.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < 3; k++) {
        let sum = 0;
        for (let j = -1; j <= 1; j++) for (let i = -1; i <= 1; i++) sum += (2 - Math.abs(i)) * (2 - Math.abs(j)) * image[3 * (Math.min(height - 1, Math.max(0, y + j)) * width + Math.min(width - 1, Math.max(0, x + i))) + k]!;
        out[3 * (y * width + x) + k] = sum / 16;
      }
    }
  }
  return out;
}

function expose(image: Float32Array, random: Random): Uint8Array {
  return Uint8Array.from(image, (x) => Math.min(255, Math.max(0, Math.round(x + random.normal(0, NOISE.dark + (NOISE.bright - NOISE.dark) * Math.sqrt(Math.max(0, x) / 255))))));
}

import type { Box } from '../dense/crop-frame.ts';
import type { PyramidLevel } from './config.ts';

/** One look of the network at a photo. */
export interface DetectionPass {
  /** Pixels that the whole photo is resized to. */
  readonly width: number;
  readonly height: number;
  /** The part of it that is looked at: all of it, or a tile. */
  readonly window: Box;
  /** Whether left and right are exchanged. */
  readonly flip: boolean;
  /** Whether only anchors of the finest level count, as in a detector that has no feature pyramid. */
  readonly finestOnly: boolean;
}

/** What decides the looks at a photo: see `DetectOptions`. */
export interface PassOptions {
  readonly maxSide: number | null;
  readonly shortEdges: readonly number[] | null;
  readonly flip: boolean;
  readonly imagePyramid: boolean;
  readonly maxPixels: number;
}

/** Edges of tiles are whole cells of every level, so that a tile's anchors are anchors of the whole picture; and the share of a tile that it has in common with the next. */
const TILE_GRID = 64, TILE_OVERLAP = 0.25;

/**
 * The looks at a photo, in order: every size of `shortEdges`, or of the image pyramid, or the photo's own; each as it is and mirrored where `flip` is set.
 *
 * A size beyond `maxPixels` is cut into square tiles that overlap by a quarter, and looked at once more, reduced to `maxPixels`: a face smaller than the
 * overlap is whole in some tile, a larger one is still large when reduced.
 */
export function planPasses(width: number, height: number, levels: readonly PyramidLevel[], { maxSide, shortEdges, flip, imagePyramid, maxPixels }: PassOptions): DetectionPass[] {
  const largest = (maxSide ?? Infinity) / Math.max(width, height), short = Math.min(width, height);
  const scales = shortEdges ? shortEdges.map((edge) => Math.min(edge / short, largest)) : imagePyramid ? octaves(Math.min(1, largest), short, levels) : [Math.min(1, largest)];
  return [...new Set(scales)].flatMap((scale) => {
    const size = resized(width, height, scale), reduced = size[0] * size[1] > maxPixels ? resized(width, height, Math.sqrt(maxPixels / (width * height)), Math.floor) : null;
    const windows = reduced ? tiles(...size, maxPixels) : [[0, 0, ...size] as const];
    const looks = [...windows.map((window) => ({ width: size[0], height: size[1], window })), ...(reduced ? [{ width: reduced[0], height: reduced[1], window: [0, 0, ...reduced] as const }] : [])];
    return (flip ? [false, true] : [false]).flatMap((mirrored) => looks.map((look) => ({ ...look, flip: mirrored, finestOnly: imagePyramid })));
  });
}

const resized = (width: number, height: number, scale: number, round = Math.round): [number, number] => [Math.max(1, round(width * scale)), Math.max(1, round(height * scale))];

/** Halves, as long as the largest anchor of the finest level fits into the picture. */
function octaves(first: number, shortEdge: number, levels: readonly PyramidLevel[]): number[] {
  const largest = Math.max(...levels[0]!.anchorSizes), scales = [first];
  while (scales.at(-1)! * 0.5 * shortEdge >= largest) scales.push(scales.at(-1)! * 0.5);
  return scales;
}

/** Tiles of a picture, rows before columns, of at most `maxPixels` each. */
function tiles(width: number, height: number, maxPixels: number): Box[] {
  // A tile may be longer by less than a cell where the picture ends.
  const edge = Math.floor((Math.sqrt(maxPixels) - TILE_GRID + 1) / TILE_GRID) * TILE_GRID;
  const columns = spans(width, edge);
  return spans(height, edge).flatMap(([top, bottom]) => columns.map(([left, right]) => [left, top, right, bottom] as const));
}

function spans(length: number, edge: number): [number, number][] {
  const count = length <= edge ? 1 : Math.ceil((length - edge) / (edge * (1 - TILE_OVERLAP))) + 1;
  return Array.from({ length: count }, (_, i) => {
    const start = count === 1 ? 0 : Math.floor((i * (length - edge)) / (count - 1) / TILE_GRID) * TILE_GRID;
    return [start, i === count - 1 ? length : start + edge];
  });
}

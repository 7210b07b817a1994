import type { Random } from '../core/random.ts';
import type { Box, Point } from '../dense/crop-frame.ts';

/** A window in a batch of pictures that shows a face: an anchor, or a box of any detector. */
export interface FaceWindow {
  /** Index of the picture in the batch. */
  readonly image: number;
  /** In its pixels. */
  readonly box: Box;
  /** Image-left eye, image-right eye, nose tip, image-left and image-right mouth corner, where they are known. */
  readonly landmarks?: readonly (Point | null)[] | null;
  /** Windows of one picture with the same number show the same face; without it each shows its own. */
  readonly face?: number;
}

/**
 * Which windows a step of the dense branch looks at: of every face that has one of at least `minSize`, one by chance; of more than `maxFaces` faces, as many by chance.
 *
 * By chance and not the largest, so that every face has its turn.
 *
 * @param minSize - Of the shorter edge, pixels.
 * @returns Indices into `windows`, ascending.
 */
export function chooseFaces(windows: readonly FaceWindow[], { minSize, maxFaces }: { readonly minSize: number; readonly maxFaces: number }, random: Random): number[] {
  const faces = new Map<string, number[]>();
  windows.forEach(({ image, box: [x1, y1, x2, y2], face }, i) => {
    if (!(Math.min(x2 - x1, y2 - y1) >= minSize)) return;
    const key = face === undefined ? `window ${i}` : `${image} ${face}`;
    faces.set(key, [...(faces.get(key) ?? []), i]);
  });
  const pool = [...faces.values()], chosen: number[] = [];
  while (pool.length > 0 && chosen.length < maxFaces) {
    const [members] = pool.splice(random.integer(pool.length), 1) as [number[]];
    chosen.push(members[random.integer(members.length)]!);
  }
  return chosen.sort((a, b) => a - b);
}

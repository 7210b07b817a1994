import type { Conv2dSizes } from '../impl/conv2d.ts';

/** A row of the output and what of its windows lies in the image. */
interface WindowRow {
  /** Counts over the batch. */
  readonly row: number;
  /** First row of the image that the windows meet; counts over the batch. */
  readonly imageRow: number;
  /** First row of the filter that meets the image, and how many do. */
  readonly tapRow: number;
  readonly rows: number;
}

/** Calls `visit` for every row of the output. */
export function walkRows({ batch, inHeight, outHeight, filterHeight, strideHeight, padTop }: Conv2dSizes, visit: (row: WindowRow) => void): void {
  for (let row = 0; row < batch * outHeight; row++) {
    const top = row % outHeight * strideHeight - padTop, tapRow = Math.min(filterHeight, Math.max(0, -top));
    const rows = Math.max(0, Math.min(filterHeight, inHeight - top) - tapRow);
    visit({ row, imageRow: Math.floor(row / outHeight) * inHeight + top + tapRow, tapRow, rows });
  }
}

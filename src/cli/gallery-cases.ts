import { FormatError } from '../core/errors.ts';

/** One picture of a gallery. */
export interface GalleryCase {
  /** What makes it hard. */
  readonly label: string;
  /** In the folder's images/. */
  readonly file: string;
  /** The photograph is reduced until the longer edge of the face's box has as many pixels; `null`: as it is. */
  readonly pixels: number | null;
}

/** Public portraits that show what fits find hard; none of them held out. */
export const GALLERY_CASES = `glasses,B001270.jpg
glasses,H001064.jpg
beard,H000324.jpg
moustache,M001180.jpg
hair over the forehead,H001037.jpg
hair over the forehead,M001143.jpg
open mouth,B000911.jpg
closed lips,E000292.jpg
hard side light,G000573.jpg
grey photograph,B001290.jpg
grey photograph,D000624.jpg
48-pixel face,A000363.jpg,48
48-pixel face,C001067.jpg,48
`;

/** Smallest face that a case may ask for, pixels. */
const LEAST_PIXELS = 16;

/**
 * Lines `case,file` or `case,file,pixels`; empty ones and those that begin with # say nothing.
 *
 * @throws {@link FormatError} naming the line.
 */
export function parseGalleryCases(text: string, name: string): GalleryCase[] {
  const cases = text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [label = '', file = '', pixels, ...rest] = line.split(',').map((part) => part.trim()), edge = pixels === undefined ? null : Number(pixels);
    if (label === '' || file === '' || rest.length > 0 || (edge !== null && !(Number.isInteger(edge) && edge >= LEAST_PIXELS))) {
      throw new FormatError(name, 'a case', `case,file or case,file,pixels with at least ${LEAST_PIXELS} whole pixels`, JSON.stringify(line.slice(0, 80)), `line ${i + 1}`);
    }
    return [{ label, file, pixels: edge }];
  });
  if (cases.length === 0) throw new FormatError(name, 'cases', 'a line case,file', 'none', 'line 1');
  return cases;
}

import { FormatError } from '../core/errors.ts';
import type { Box, Point } from '../dense/crop-frame.ts';
import { readXmlTags, type XmlTag } from '../io/xml-tags.ts';

/** One box of an image of dlib's XML format. */
export interface DlibFace {
  /** As the file names it. */
  readonly file: string;
  /** dlib's `left, top, width, height` as edges, exclusive end. */
  readonly box: Box;
  /** Points by name, `00` to `67` for the scheme of 68; pixel centres at +0.5, dlib's being pixel indices. */
  readonly parts: ReadonlyMap<string, Point>;
  /** Marked with `ignore='1'`: neither to be found nor false if it is. */
  readonly ignored: boolean;
}

/**
 * Reads dlib's XML of images, boxes and parts, as `imglab` writes it.
 *
 * @throws {@link FormatError} with the line, if it is no XML of `dataset > images > image > box > part`, or a number is missing or none.
 */
export function parseDlibFaces(text: string, where = 'parseDlibFaces'): DlibFace[] {
  const faces: DlibFace[] = [];
  let file = '', parts = new Map<string, Point>();
  for (const tag of readXmlTags(text, where)) {
    const number = (name: string): number => numberOf(tag, name, where);
    if (tag.name === 'image' && tag.kind !== 'close') file = attributeOf(tag, 'file', where);
    if (tag.name === 'box' && tag.kind !== 'close') {
      if (!tag.parents.includes('image')) throw new FormatError(where, 'a box', 'an image around it', tag.parents.join(' > ') || 'nothing', `line ${tag.line}`);
      const [left, top, width, height] = [number('left'), number('top'), number('width'), number('height')];
      if (!(width > 0 && height > 0)) throw new FormatError(where, 'a box', 'a positive width and height', `${width} x ${height}`, `line ${tag.line}`);
      parts = new Map();
      faces.push({ file, box: [left, top, left + width, top + height], parts, ignored: tag.attributes.get('ignore') === '1' });
    }
    if (tag.name === 'part' && tag.kind !== 'close') {
      if (tag.parents.at(-1) !== 'box') throw new FormatError(where, 'a part', 'a box around it', tag.parents.at(-1) ?? 'nothing', `line ${tag.line}`);
      parts.set(attributeOf(tag, 'name', where), [number('x') + 0.5, number('y') + 0.5]);
    }
  }
  return faces;
}

function attributeOf(tag: XmlTag, name: string, where: string): string {
  const value = tag.attributes.get(name);
  if (value === undefined) throw new FormatError(where, `a ${tag.name}`, `the attribute ${name}`, [...tag.attributes.keys()].join(', ') || 'none', `line ${tag.line}`);
  return value;
}

function numberOf(tag: XmlTag, name: string, where: string): number {
  const text = attributeOf(tag, name, where), value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new FormatError(where, `${name} of a ${tag.name}`, 'a finite number', JSON.stringify(text.slice(0, 30)), `line ${tag.line}`);
  return value;
}

/** iBUG's points of each eye, image-left first; nose tip; corners of the mouth, image-left first. */
const FIVE: readonly (readonly number[])[] = [[36, 37, 38, 39, 40, 41], [42, 43, 44, 45, 46, 47], [30], [48], [54]];

/** Eye centres (means of six points), tip of the nose and corners of the mouth of iBUG's 68 points; `null` where one is not given. */
export function fiveOf68(parts: ReadonlyMap<string, Point>): (Point | null)[] {
  return FIVE.map((names) => {
    const points = names.map((k) => parts.get(String(k).padStart(2, '0'))), mean = (axis: 0 | 1): number => points.reduce((sum, p) => sum + p![axis], 0) / points.length;
    return points.every((p) => p !== undefined) ? [mean(0), mean(1)] : null;
  });
}

import { FormatError, UnsupportedError } from '../core/errors.ts';
import { quoteText } from './file-faults.ts';

/** One tag of an XML text. */
export interface XmlTag {
  readonly name: string;
  /** `empty` is `<a/>`. */
  readonly kind: 'open' | 'close' | 'empty';
  readonly attributes: ReadonlyMap<string, string>;
  /** Names of the elements around it, outermost first. */
  readonly parents: readonly string[];
  /** From 1. */
  readonly line: number;
}

const TAG = /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:'[^'<]*'|"[^"<]*"))*)\s*(\/?)>/y, ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:'([^']*)'|"([^"]*)")/g;
const SKIPPED = [['<!--', '-->'], ['<?', '?>'], ['<![CDATA[', ']]>']] as const, MAX_DEPTH = 64;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Lists the tags of an XML text in order; what stands between them is passed over. Enough for files that keep all they say in attributes:
 * no entities but the five of XML and numbers, no document type.
 *
 * @throws {@link FormatError} with the line, if a tag is malformed or the elements do not close in order; {@link UnsupportedError} for a
 *   document type.
 */
export function readXmlTags(text: string, where = 'readXmlTags'): XmlTag[] {
  const tags: XmlTag[] = [], open: string[] = [];
  let line = 1, counted = 0;
  const fail = (expected: string, actual: string): never => { throw new FormatError(where, 'the XML', expected, actual, `line ${line}`); };
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    for (; counted < at; counted++) if (text.charCodeAt(counted) === 10) line++;
    const skipped = SKIPPED.find(([begin]) => text.startsWith(begin, at));
    if (skipped) {
      const end = text.indexOf(skipped[1], at + skipped[0].length);
      at = end < 0 ? fail(`${skipped[1]} after ${skipped[0]}`, 'none') : end + skipped[1].length;
      continue;
    }
    if (text.startsWith('<!', at)) throw new UnsupportedError(where, `the document type at line ${line}`, 'take it out of the file');
    TAG.lastIndex = at;
    const match = TAG.exec(text) ?? fail('a tag with quoted attributes', JSON.stringify(text.slice(at, at + 30)));
    const [, slash, name, attributes, empty] = match as unknown as [string, string, string, string, string], kind = slash ? 'close' : empty ? 'empty' : 'open';
    if (kind === 'close' && open.pop() !== name) fail('elements that close in order', `</${name}>`);
    tags.push({ name, kind, attributes: readAttributes(attributes, fail), parents: [...open], line });
    if (kind === 'open' && open.push(name) > MAX_DEPTH) fail(`at most ${MAX_DEPTH} elements in each other`, 'more');
    at = TAG.lastIndex;
  }
  if (open.length > 0) fail('an end of every element', `none of ${open.at(-1)}`);
  if (tags.length === 0) fail('a tag', 'none');
  return tags;
}

function readAttributes(text: string, fail: (expected: string, actual: string) => never): Map<string, string> {
  return new Map([...text.matchAll(ATTRIBUTE)].map(([, name, single, double]) => [name!, decode(single ?? double!, fail)]));
}

function decode(text: string, fail: (expected: string, actual: string) => never): string {
  return text.replace(/&([^;&]{0,10});?/g, (whole, entity: string) => {
    const code = /^#(\d+)$/.exec(entity)?.[1] ?? (/^#x[\da-f]+$/i.test(entity) ? `0${entity.slice(1)}` : undefined), isCode = code !== undefined && Number(code) <= 0x10ffff;
    return ENTITIES[entity] ?? (isCode ? String.fromCodePoint(Number(code)) : fail('no entity but amp, lt, gt, quot, apos and numbers', quoteText(whole)));
  });
}

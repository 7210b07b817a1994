import { expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { readXmlTags } from '../../src/io/xml-tags.ts';

it('lists tags with attributes, parents and lines, past everything else', () => {
  const tags = readXmlTags("<?xml version='1.0'?>\n<!-- <no/> -->\n<a>\n text <b x='1' y = \"a&amp;&#66;&#x43;\" /><![CDATA[<c>]]><b2.c-d\n z='>'></b2.c-d>\n</a>\n");
  expect(tags.map(({ attributes, ...tag }) => ({ ...tag, attributes: Object.fromEntries(attributes) }))).toEqual([
    { name: 'a', kind: 'open', attributes: {}, parents: [], line: 3 }, { name: 'b', kind: 'empty', attributes: { x: '1', y: 'a&BC' }, parents: ['a'], line: 4 },
    { name: 'b2.c-d', kind: 'open', attributes: { z: '>' }, parents: ['a'], line: 4 }, { name: 'b2.c-d', kind: 'close', attributes: {}, parents: ['a'], line: 5 }, { name: 'a', kind: 'close', attributes: {}, parents: [], line: 6 },
  ]);
});

it.each<[string, string, RegExp]>([
  ['nothing', '', /a\.xml: expected the XML at line 1 to have a tag, got none/],
  ['an attribute without quotes', '<a>\n<b x=1/></a>', /the XML at line 2 to have a tag with quoted attributes, got "<b x=1\/><\/a>"/],
  ['an end of another element', '<a>\n<b></a>', /the XML at line 2 to have elements that close in order, got <\/a>/],
  ['no end', '<a><b></b>', /to have an end of every element, got none of a/],
  ['a comment without end', '<a><!-- b</a>', /to have --> after <!--, got none/],
  ['an entity', '<a x="&boom;"/>', /to have no entity but amp, lt, gt, quot, apos and numbers, got &boom;/],
  ['a number that is no character', '<a x="&#x110000;"/>', /no entity but .*got &#x110000;/],
  ['elements without end', '<a>'.repeat(65), /to have at most 64 elements in each other, got more/],
])('refuses %s', (_, text, message) => {
  expect(() => readXmlTags(text, 'a.xml')).toThrow(FormatError);
  expect(() => readXmlTags(text, 'a.xml')).toThrow(message);
});

it('names a document type as unsupported', () => {
  expect(() => readXmlTags('<!DOCTYPE x [<!ENTITY a "b">]><x/>', 'a.xml')).toThrow(UnsupportedError);
  expect(() => readXmlTags('<!DOCTYPE x><x/>', 'a.xml')).toThrow('a.xml: the document type at line 1 is not supported; take it out of the file');
});

it('is linear in hostile texts: a search over all pairs would outlast the test', () => {
  for (const text of ['<a '.repeat(1e5), `<a${' '.repeat(2e6)}`, `<${'a'.repeat(2e6)}`, `<a x='${"' x='".repeat(3e5)}`, `${'<a></a>'.repeat(1e5)}<`]) expect(() => readXmlTags(text)).toThrow(FormatError);
});

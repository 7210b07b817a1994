import { describe, expect, it } from 'vitest';
import { ArgumentError, FormatError } from '../../src/core/errors.ts';
import { createRandom } from '../../src/core/random.ts';
import { assignWiderPredictions, describeProtocol, parseWiderPrediction } from '../../src/data/wider-predictions.ts';
import type { TarEntry } from '../../src/io/tar.ts';
import { expectTypedOrValid } from '../support/mutations.ts';
import { widerImage } from '../support/wider.ts';

const entry = (path: string, text: string): TarEntry => ({ path, data: new TextEncoder().encode(text) });

describe('one prediction file', () => {
  it('reads rows in their order, with more numbers, blank lines and CRLF', () => {
    expect(parseWiderPrediction('a\r\n2\r\n1 2 3 4 0.5\r\n5 6 7 8 0.9 11 12\r\n\r\n')).toEqual({ rows: Float64Array.of(1, 2, 3, 4, 0.5, 5, 6, 7, 8, 0.9), badRows: [] });
    expect(parseWiderPrediction('a\n0\n')).toEqual({ rows: new Float64Array(0), badRows: [] });
  });

  it('leaves out and names rows that are not five numbers', () => {
    expect(parseWiderPrediction('a\n4\n1 2 3 4 nan\n1 2 3 4 0.5\n1 2 3 4\n1 2 x 4 1\n')).toEqual({ rows: Float64Array.of(1, 2, 3, 4, 0.5), badRows: [3, 5, 6] });
  });

  it.each([
    ['', /a\.txt: expected the second line at line 2 to have the count of rows, below the name of the picture, got ""/],
    ['a\n1 2 3 4 0.5\n', /the second line at line 2 to have the count of rows.*got "1 2 3 4 0\.5"/],
    ['a\n3\n1 2 3 4 0.5\n', /the rows at line 3 to have the number 3 of line 2, got 1/],
    ['a\n0\n1 2 3 4 0.5\n', /the rows at line 3 to have the number 0 of line 2, got 1/],
    ['a\n99999999999999999999\n', /the rows at line 2 to have the number 100000000000000000000 of line 2, got 0/],
  ])('refuses %j', (text, message) => {
    expect(() => parseWiderPrediction(text, 'a.txt')).toThrow(FormatError);
    expect(() => parseWiderPrediction(text, 'a.txt')).toThrow(message);
  });

  it('ends in a typed error or a valid result, 200 times', async () => {
    const random = createRandom(5), rows = Array.from({ length: 40 }, () => Array.from({ length: 5 }, () => random.uniform().toFixed(3)).join(' '));
    const tally = await expectTypedOrValid((bytes) => parseWiderPrediction(new TextDecoder().decode(bytes)), (result) => {
      expect(result.rows.length % 5).toBe(0);
      expect(result.rows.every(Number.isFinite)).toBe(true);
    }, [new TextEncoder().encode(`a\n40\n${rows.join('\n')}\n`)], 200, 6);
    expect(Math.min(tally.refused, tally.read)).toBeGreaterThan(20);
  });
});

describe('predictions for a ground truth', () => {
  const images = [widerImage({ name: 'a', boxes: [] }), widerImage({ event: '1--X', name: 'b', boxes: [] }), widerImage({ event: '1--X', name: 'c', boxes: [] })];

  it('finds each picture its file under any folders or in none, and names what is missing, extra or bad', () => {
    const found = assignWiderPredictions(images, [
      entry('run/7/1--X/b.txt', 'b\n2\n1 2 3 4 0.5\nbad\n'), entry('a.txt', 'a\n1\n5 6 7 8 0.9\n'), entry('1--X/z.txt', 'not read'), entry('readme.md', ''), entry('run/protocol.json', '{"resolution":"original","nms":0.4}'),
    ]);
    expect(found).toEqual({
      detections: [Float64Array.of(5, 6, 7, 8, 0.9), Float64Array.of(1, 2, 3, 4, 0.5), new Float64Array(0)], missing: ['1--X/c'], extra: ['readme.md', '1--X/z.txt'],
      badRows: ['run/7/1--X/b.txt:4'], protocol: { resolution: 'original', nms: 0.4 },
    });
  });

  it('refuses two files of one picture, none of any, and a protocol that is no object', () => {
    const good = entry('1--X/b.txt', 'b\n0\n');
    expect(() => assignWiderPredictions(images, [good, entry('old/1--X/b.txt', '')], 'p')).toThrow('p: expected 1--X/b.txt at old/1--X/b.txt to have one file, got two, the first 1--X/b.txt');
    expect(() => assignWiderPredictions(images, [entry('z.txt', '')], 'p')).toThrow(ArgumentError);
    expect(() => assignWiderPredictions(images, [entry('z.txt', '')], 'p')).toThrow('p: expected the predictions to have a file for one of the 3 pictures, such as 0--Parade/a.txt, got z.txt');
    expect(() => assignWiderPredictions(images, [good, entry('protocol.json', '[1]')], 'p')).toThrow('protocol.json: expected the protocol at byte 0 to have a JSON object, got [1]');
    expect(() => assignWiderPredictions(images, [good, entry('protocol.json', '{')], 'p')).toThrow(/protocol\.json: expected the protocol at byte 0 to have JSON, got /);
  });

  it('lets no control characters of names and protocols through', () => {
    expect(() => assignWiderPredictions(images, [entry('1--X/b.txt', 'b\n0\n'), entry('\x1b[2J/1--X/b.txt', '')], 'p')).toThrow(/at "\\u001b\[2J\/1--X\/b\.txt" to have one file/);
    expect(describeProtocol({ resolution: 'a\x1b\n[2Jb' })).toBe('test resolution a [2Jb');
  });

  it('says the test resolution first, and that it is unknown', () => {
    expect(describeProtocol(null)).toBe('test resolution unknown');
    expect(describeProtocol({ confidence: 0.02, resolution: 'original', maxSide: null, tta: { flip: true }, flip: false, weights: { name: 'a.safetensors', sha256: '00' } }))
      .toBe('test resolution original, confidence 0.02, tta {"flip":true}, flip no, weights a.safetensors');
  });
});

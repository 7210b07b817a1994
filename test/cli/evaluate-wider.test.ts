import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePng } from '../../src/io/node-image.ts';
import { runHere } from '../support/command-line.ts';
import { writeDetectorFile } from '../support/detector-file.ts';
import { noisePhoto } from '../support/egg-scene.ts';
import { tarFile } from '../support/tar-file.ts';
import { writeGroundTruth, writeTree } from '../support/wider.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-wider-')), at = (...names: string[]): string => join(root, ...names);
const SHARED = '../shared/data/wider', ABSENT = existsSync(SHARED) ? '' : ` [skipped: no ${SHARED}]`;

interface Report {
  readonly easy: { readonly ap: number; readonly map: number; readonly protocol: string };
  readonly hard: Report['easy'];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly badRows: readonly string[];
  readonly bySize?: { readonly heights: readonly { readonly name: string; readonly recall: number | null }[]; readonly levels: readonly { readonly name: string }[] };
  readonly files: readonly string[];
}

const PREDICTIONS = { '0--Parade/a.txt': 'a\n2\n0 0 20 20 0.9\n300 0 70 70 0.95\n', '1--X/b.txt': 'b\n2\n0 0 100 100 0.8\n1 2 3\n' };

beforeAll(() => {
  writeGroundTruth(at('truth'), [{ name: 'a', boxes: [[0, 0, 20, 20], [50, 0, 10, 10]], counted: { easy: [0], medium: [0], hard: [0, 1] } }, { event: '1--X', name: 'b', boxes: [[0, 0, 100, 100]] }, { event: '1--X', name: 'gone', boxes: [[0, 0, 9, 9]], counted: {} }]);
  writeTree(at('predictions'), { ...PREDICTIONS, 'protocol.json': '{"confidence":0.02,"resolution":"original"}', '1--X/other.txt': '', 'notes\x07.md': '' });
  const archive = tarFile(Object.entries(PREDICTIONS).map(([path, text]) => ({ path: `./${path}`, text })));
  writeFileSync(at('predictions.tgz'), gzipSync(archive));
  writeFileSync(at('predictions.tar'), archive);
});
afterAll(() => rmSync(root, { recursive: true }));

const run = async (predictions: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> => runHere('evaluate', 'wider', '--ground-truth', at('truth'), '--predictions', predictions, ...args);

describe('evaluate wider', () => {
  it('prints every AP with its protocol, and names what is missing, extra and bad', async () => {
    const { code, out, err } = await run(at('predictions'));
    expect([code, err]).toEqual([0, '']);
    const lines = out.trim().split('\n');
    expect(lines.slice(0, 3)).toEqual(['easy:   AP 0.666667 at IoU 0.5, mAP 0.666667 over IoU 0.5 to 0.95; 2 of 2 faces among all detections, 1 false [test resolution original, confidence 0.02]', expect.stringMatching(/^medium: AP 0\.666667 .*\[test resolution original, confidence 0\.02\]$/), expect.stringMatching(/^hard: {3}AP 0\.444444 .*\[test resolution original, confidence 0\.02\]$/)]);
    expect(lines.slice(3)).toEqual(['1 pictures without a prediction file, their faces missed: 1--X/gone', '2 files of no picture, not used: "notes\\u0007.md", 1--X/other.txt', '1 rows that are not five numbers, left out: 1--X/b.txt:4']);
  });

  it.each(['predictions.tgz', 'predictions.tar'])('reads %s, says that the resolution is unknown, or what --protocol says', async (name) => {
    const report = JSON.parse((await run(at(name), '--json')).out) as Report;
    expect(report).toMatchObject({ easy: { ap: 2 / 3, protocol: 'test resolution unknown' }, hard: { protocol: 'test resolution unknown' }, missing: ['1--X/gone'], extra: [], badRows: ['1--X/b.txt:4'], files: [] });
    expect(report.hard.ap).toBeCloseTo(4 / 9, 12);
    expect((await run(at(name), '--protocol', 'short edge 640')).out).toMatch(/^easy: .*\[short edge 640\]$/m);
  });

  it('prints recall and false positives by height and by level', async () => {
    const { out } = await run(at('predictions'), '--by-size', '--threshold', '0.85', '--preset', 'paper-resnet152');
    expect(out).toMatch(/^hard set at score 0\.85, IoU 0\.5$/m);
    expect(out).toMatch(/^ {2}< 16 px +1 +0\.0000 +0$/m);
    expect(out).toMatch(/^ {2}16-32 px +1 +1\.0000 +0$/m);
    expect(out).toMatch(/^ {2}64-128 px +1 +0\.0000 +1$/m);
    expect(out).toMatch(/^ {2}>= 256 px +0 +- +0$/m);
    expect(out).toMatch(/^ {2}P2, anchors 16, 20, 25 +2 +0\.5000 +0$/m);
    const { bySize } = JSON.parse((await run(at('predictions'), '--by-size', '--json')).out) as Report;
    expect(bySize!.heights[3]).toEqual({ name: '64-128 px', faces: 1, found: 1, recall: 1, falsePositives: 1 });
    expect(bySize!.levels.map(({ name }) => name)).toEqual(['P3, anchors 16, 32', 'P4, anchors 64, 128', 'P5, anchors 256, 512']);
  });

  it('writes the curves as JSON and as a picture', async () => {
    const { code } = await run(at('predictions'), '-o', at('out'));
    expect(code).toBe(0);
    expect(readdirSync(at('out')).sort()).toEqual(['precision-recall.json', 'precision-recall.png', 'precision-recall.svg', 'wider.json']);
    const curves = JSON.parse(readFileSync(at('out', 'precision-recall.json'), 'utf8')) as Record<string, { precision: number[]; recall: number[]; threshold: number[] }>;
    expect([curves.hard!.precision.length, curves.hard!.recall.at(-1), curves.hard!.threshold.at(-1)]).toEqual([1000, 0.666667, 0.8]);
    expect(readFileSync(at('out', 'precision-recall.svg'), 'utf8')).toMatch(/test resolution original.*recall.*precision.*hard: AP 0\.4444/s);
    const { width, height } = await sharp(at('out', 'precision-recall.png')).metadata();
    expect([width, height]).toEqual([800, 600]);
    expect(JSON.parse(readFileSync(at('out', 'wider.json'), 'utf8'))).toMatchObject({ easy: { protocol: 'test resolution original, confidence 0.02' }, pictures: 3, detections: 3 });
  });

  it('evaluates what detect --format wider writes, with its protocol', async () => {
    writeDetectorFile(at('random.safetensors'));
    mkdirSync(at('shots', '0--Parade'), { recursive: true });
    await writePng(at('shots', '0--Parade', 'a.png'), noisePhoto());
    const detected = await runHere('detect', at('shots'), '--weights', at('random.safetensors'), '--format', 'wider', '-o', at('detected'));
    expect([detected.code, detected.err]).toEqual([0, '']);
    const { out } = await run(at('detected')), rows = Number(readFileSync(at('detected', '0--Parade', 'a.txt'), 'utf8').split('\n')[1]);
    expect(rows).toBeGreaterThan(3);
    expect(out).toMatch(/^easy: {3}AP 0\.\d{6} .*\[test resolution original size, confidence 0\.02, nms 0\.4, tta no, weights random\.safetensors, backend wasm\]$/m);
    expect(out).toMatch(/^2 pictures without a prediction file, their faces missed: 1--X\/b, 1--X\/gone$/m);
    expect((JSON.parse((await run(at('detected'), '--json')).out) as { detections: number }).detections).toBe(rows);
  });

  it.each<[string, string[], number, RegExp]>([
    ['no predictions', ['--ground-truth', 'truth'], 2, /required option '--predictions <path>'/],
    ['a missing ground truth', ['--ground-truth', 'none', '--predictions', 'predictions'], 1, /none\/wider_easy_val\.mat to have a readable file, got no such file or folder; --ground-truth wants wider_easy_val\.mat/],
    ['missing predictions', ['--ground-truth', 'truth', '--predictions', 'none'], 1, /none to have a readable file, got no such file/],
    ['a folder without text files', ['--ground-truth', 'truth', '--predictions', 'truth'], 1, /truth to have prediction files, one \.txt a picture, got none/],
    ['a file that is no archive', ['--ground-truth', 'truth', '--predictions', 'truth/wider_easy_val.mat'], 1, /the checksum at byte 148 to have an octal number/],
    ['a malformed file', ['--ground-truth', 'truth', '--predictions', 'malformed'], 1, /0--Parade\/a\.txt: expected the rows at line 3 to have the number 5 of line 2, got 1/],
    ['a threshold that is no number', ['--ground-truth', 'truth', '--predictions', 'predictions', '--threshold', 'x'], 2, /Give a number/],
    ['an output that is a file', ['--ground-truth', 'truth', '--predictions', 'predictions', '-o', 'predictions.tar'], 1, /to have a folder, got a file/],
  ])('refuses %s on one line', async (_, args, exit, message) => {
    writeTree(at('malformed'), { '0--Parade/a.txt': 'a\n5\n1 2 3 4 0.5\n' });
    const { code, out, err } = await runHere('evaluate', 'wider', ...args.map((arg, i) => (args[i - 1]?.startsWith('-') && args[i - 1] !== '--threshold' ? at(arg) : arg)));
    expect(err).toMatch(message);
    expect([code, out]).toEqual([exit, '']);
    expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
  });

  it.skipIf(ABSENT)(`gives the figures of the original evaluation${ABSENT}`, async () => {
    const { out } = await runHere('evaluate', 'wider', '--ground-truth', join(SHARED, 'ground_truth'), '--predictions', join(SHARED, 'predictions.tgz'));
    expect(out).toMatch(/^easy: {3}AP 0\.944837 .*\nmedium: AP 0\.924471 .*\nhard: {3}AP 0\.815325 .*\[test resolution unknown\]\n$/);
  });
});

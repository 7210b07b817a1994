import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DetectedFace } from '../../src/detector/detections.ts';
import { writePng } from '../../src/io/node-image.ts';
import { runHere } from '../support/command-line.ts';
import { PUBLISHED_WEIGHTS, writeDetectorFile } from '../support/detector-file.ts';
import { noisePhoto } from '../support/egg-scene.ts';

const DATA = '../shared/data', ABSENT = existsSync(PUBLISHED_WEIGHTS) ? '' : ` [skipped: no ${PUBLISHED_WEIGHTS}]`;
const root = mkdtempSync(join(tmpdir(), 'retinamesh-landmarks-')), at = (name: string): string => join(root, name);

interface Report {
  readonly photos: number;
  readonly faces: number;
  readonly found: number;
  readonly recall: number;
  readonly falsePositives: number;
  readonly failureRate: number;
  readonly nme: { readonly mean: number; readonly median: number; readonly quantile90: number };
  readonly resolution: string;
  readonly broken: readonly string[];
}

const evaluate = (...args: string[]) => runHere('evaluate', 'landmarks', ...args);
const rowOf = ({ box: [x1, y1, x2, y2], landmarks5 }: DetectedFace, flag = '0'): string => [x1, y1, x2 - x1, y2 - y1, ...landmarks5.flatMap(([x, y]) => [x, y, flag]), 1].join(' ');

let found: readonly DetectedFace[] = [];
beforeAll(async () => {
  writeDetectorFile(at('random.safetensors'));
  mkdirSync(at('shots/images'), { recursive: true });
  await writePng(at('shots/images/photo.png'), noisePhoto());
  writeFileSync(at('shots/broken.jpg'), 'this is no picture');
  const { out } = await runHere('detect', at('shots/images/photo.png'), '--weights', at('random.safetensors'), '--json', '-o', at('detected'));
  found = (JSON.parse(out) as { images: { faces: DetectedFace[] }[] }).images[0]!.faces.slice(0, 3);
});
afterAll(() => rmSync(root, { recursive: true }));

describe('evaluate landmarks', () => {
  it('finds what it found, in photos of images/, and writes report, curve and picture', async () => {
    writeFileSync(at('label.txt'), `# photo.png\n${found.map((face) => rowOf(face)).join('\n')}\n`);
    const { code, out } = await evaluate(at('shots'), '--labels', at('label.txt'), '--weights', at('random.safetensors'), '-o', at('out'), '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out) as Report;
    expect(report).toMatchObject({ photos: 1, faces: 3, found: 3, recall: 1, failureRate: 0, resolution: 'original size', broken: [] });
    expect(report.nme.mean).toBeLessThan(1e-3); // the JSON has thousandths of a pixel, the face is of a few
    expect(readdirSync(at('out')).sort()).toEqual(['cumulative-error.png', 'cumulative-error.svg', 'landmarks.json']);
    const written = JSON.parse(readFileSync(at('out/landmarks.json'), 'utf8')) as { curve: unknown[]; faces: { file: string; nme: number }[] };
    expect([written.curve.length, written.faces.length, written.faces[0]!.file]).toEqual([201, 3, 'photo.png']);
    expect((await sharp(at('out/cumulative-error.png')).metadata()).width).toBe(800);
  });

  it('measures points that are moved, and leaves out those that are not given', async () => {
    const [face] = found as [DetectedFace], [x1, y1, x2, y2] = face.box, edge = Math.sqrt((x2 - x1) * (y2 - y1));
    writeFileSync(at('moved.txt'), `# images/photo.png\n${rowOf({ ...face, landmarks5: face.landmarks5.map(([x, y]) => [x + 0.2 * edge, y] as const) })}\n`);
    writeFileSync(at('blank.txt'), `# images/photo.png\n${rowOf(face, '-1')}\n`);
    const { out } = await evaluate(at('shots'), '--labels', at('moved.txt'), '--weights', at('random.safetensors'));
    expect(out).toMatch(/^1 photos: 1 of 1 faces found at score 0\.5 and IoU 0\.5, original size: recall 1\.0000; \d+ detections on no labelled face\nfive points, NME by sqrt\(w h\): mean (19\.9|20\.0)\d %, .*failures \(above 10 %, or missed\) 100\.00 % of 1\n$/);
    expect((await evaluate(at('shots'), '--labels', at('blank.txt'), '--weights', at('random.safetensors'))).out).toMatch(/mean -, median -, 90 % quantile -; failures \(above 10 %, or missed\) - of 0\n$/);
  });

  it('resizes photos where it is told to, and says so', async () => {
    const { resolution } = JSON.parse((await evaluate(at('shots'), '--labels', at('label.txt'), '--weights', at('random.safetensors'), '--short-edge', '100', '--json')).out) as Report;
    expect(resolution).toBe('short edge 100');
  });

  it('reports a broken photo and one that is not there, goes on, and ends with 1', async () => {
    const row = rowOf(found[0]!);
    writeFileSync(at('many.txt'), `# broken.jpg\n${row}\n# photo.png\n${row}\n# gone.png\n${row}\n`);
    const { code, out, err } = await evaluate(at('shots'), '--labels', at('many.txt'), '--weights', at('random.safetensors'));
    expect(code).toBe(1);
    expect(err).toMatch(/^retinamesh: .*broken\.jpg: expected the image .*; skipped\nretinamesh: .*gone\.png to have a readable file, got no such file or folder; skipped\n$/);
    expect(out).toMatch(/^1 photos: 1 of 1 faces.*\n.*\n2 photos could not be read: broken\.jpg, gone\.png\n$/);
  });

  it('has a line for each of five photos that are not there, and one for all others', async () => {
    const row = rowOf(found[0]!), gone = Array.from({ length: 9 }, (_, i) => `gone-${i}.png`);
    writeFileSync(at('gone.txt'), ['photo.png', ...gone].map((file) => `# ${file}\n${row}\n`).join(''));
    const { code, out, err } = await evaluate(at('shots'), '--labels', at('gone.txt'), '--weights', at('random.safetensors'), '--json');
    expect({ code, broken: (JSON.parse(out) as Report).broken }).toEqual({ code: 1, broken: gone });
    expect(err).toMatch(/^(retinamesh: [^\n]*gone-[0-4]\.png[^\n]*; skipped\n){5}retinamesh: further photos [^\n]*\n$/);
  });

  it.each<[string, string[], number, RegExp]>([
    ['no labels', ['shots'], 2, /required option '--labels <file>'/],
    ['labels that are not there', ['shots', '--labels', 'none.txt', '--weights', 'random.safetensors'], 1, /none\.txt to have a readable file, got no such file or folder; give a label file as --labels/],
    ['an empty label file', ['shots', '--labels', 'empty.txt', '--weights', 'random.safetensors'], 1, /empty\.txt to have at least one labelled face, got none/],
    ['a malformed label file', ['shots', '--labels', 'random.safetensors', '--weights', 'random.safetensors'], 1, /random\.safetensors: expected a face at line 1 to have a line "# file" before it/],
    ['a folder without the photos', ['detected', '--labels', 'label.txt', '--weights', 'random.safetensors'], 1, /to have one of the 1 photos that .*label\.txt names, got none that can be read/],
    ['a short edge of nothing', ['shots', '--labels', 'label.txt', '--short-edge', '1'], 2, /whole number between 16 and 16384/],
  ])('refuses %s', async (_, args, exit, message) => {
    writeFileSync(at('empty.txt'), '# photo.png\n');
    const { code, out, err } = await evaluate(...args.map((arg) => (/^(-|1$)/.test(arg) ? arg : at(arg))));
    expect(err).toMatch(message);
    expect([code, out]).toEqual([exit, '']);
  });

  it.skipIf(ABSENT)(`finds the 18 faces of dlib's photos, and on portraits what the labels' own run found${ABSENT}`, async () => {
    const dlib = JSON.parse((await evaluate(join(DATA, 'dlib_faces'), '--labels', join(DATA, 'dlib_faces/training_with_face_landmarks.xml'), '--weights', PUBLISHED_WEIGHTS, '--json')).out) as Report;
    expect(dlib).toMatchObject({ photos: 4, faces: 18, found: 18, failureRate: 0 });
    expect(dlib.nme.mean).toBeLessThan(0.045);
    // The labels were made by this network at twice the size.
    const portraits = JSON.parse((await evaluate(join(DATA, 'portraits'), '--labels', join(DATA, 'portraits/label.txt'), '--weights', PUBLISHED_WEIGHTS, '--count', '20', '--short-edge', '450', '--json')).out) as Report;
    expect(portraits).toMatchObject({ photos: 20, faces: 20, found: 20, failureRate: 0 });
    expect(portraits.nme.mean).toBeLessThan(0.001);
  });
});

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDetector } from '../../src/detector/detector-tensors.ts';
import { resolveDetectorConfig } from '../../src/detector/config.ts';
import { encodeJpeg } from '../../src/io/node-image.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import type { StateDict } from '../../src/nn/state-dict.ts';
import { runHere } from '../support/command-line.ts';
import { writeEggFile } from '../support/egg-file.ts';
import { noisePhoto } from '../support/egg-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'retinamesh-dense-')), portraits = join(folder, 'portraits'), egg = join(folder, 'egg.safetensors'), weights = join(folder, 'weights.safetensors');
const save = (path: string, state: StateDict): void => writeFileSync(path, writeSafetensors(Object.fromEntries(Object.entries(state).map(([name, { shape, data }]) => [name, { dtype: 'F32' as const, shape: [...shape], data: data as Float32Array }]))));

// The second and the last are of the one in five that no training sees; of the first there are test photographs.
const FILES = ['B000444.jpg', 'P000001.jpg', 'P000000.jpg', 'P000002.jpg', 'P000012.jpg'];

beforeAll(async () => {
  mkdirSync(join(portraits, 'images'), { recursive: true });
  for (const file of FILES) writeFileSync(join(portraits, 'images', file), await encodeJpeg(noisePhoto(120, 100)));
  writeFileSync(join(portraits, 'label.txt'), FILES.map((file) => `# ${file}\n40 20 40 50 50 40 0 70 41 0 60 50 0 52 62 0 69 61 0 1\n`).join(''));
  writeFileSync(join(portraits, 'landmarks68.dlib.tsv'), FILES.map((file) => [file, 40, 20, 80, 70, ...Array.from({ length: 68 }, (_, i) => `${42 + (i % 9) * 4}\t${30 + Math.floor(i / 9) * 5}`)].join('\t')).join('\n'));
  await writeEggFile(egg);
  save(weights, createDetector(resolveDetectorConfig('mobilenet0.25'), 1).network.state());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const train = (...more: string[]): Promise<{ code: number; out: string; err: string }> =>
  runHere('dense', 'train-head', portraits, '--weights', weights, '--decoder', egg, '--anchor', '32', '--views', '2', '--steps', '4', '--every', '2', '--size', '16', '--batch', '2', ...more);

interface Report {
  readonly files: string[];
  readonly options: { readonly train: number; readonly unseen: number };
  readonly runs: { readonly loss: string; readonly curve: { readonly step: number; readonly loss: number | null; readonly nme: number; readonly colorDifference: number }[] }[];
}

it('trains three times, scores before and after on portraits kept apart, writes heads, curves and renders', async () => {
  const out = join(folder, 'run'), { code, out: text, err } = await train('-o', out, '--json');
  expect(code, err).toBe(0);
  const { options, runs, files } = JSON.parse(text) as Report;
  expect([options.train, options.unseen]).toEqual([2, 2]);
  expect(runs.map(({ loss, curve }) => [loss, curve.map(({ step }) => step), curve.map(({ loss: l }) => l !== null)])).toEqual(['blind', 'pixels', 'points'].map((loss) => [loss, [0, 2, 4], [false, true, true]]));
  for (const { curve } of runs) expect(curve[0]).toEqual(runs[0]!.curve[0]); // the mean face
  expect(new Set(runs.map(({ curve }) => curve[2]!.nme)).size).toBe(3);
  expect(files.map((file) => file.split('/').at(-1))).toEqual(['head-blind.safetensors', 'head-pixels.safetensors', 'head-points.safetensors', 'renders.png', 'color.svg', 'color.png', 'nme.svg', 'nme.png', 'scores.json']);
  const { tensors } = readSafetensors(readFileSync(join(out, 'head-points.safetensors')));
  expect(tensors['DenseHead.0.conv1x1.weight']!.shape).toEqual([288, 64, 1, 1]);
  expect(tensors['DenseHead.0.conv1x1.bias']!.data.subarray(144).some((x) => Number(x) !== 0)).toBe(true);
  expect(readSafetensors(readFileSync(join(out, 'head-blind.safetensors'))).tensors['DenseHead.0.conv1x1.weight']!.data.every((x) => Number(x) === 0)).toBe(true);
  expect((JSON.parse(readFileSync(join(out, 'scores.json'), 'utf8')) as Report).runs).toEqual(runs);
  // What `retinamesh view` followed meanwhile.
  expect(readFileSync(join(out, 'metrics.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as object)).toEqual(runs.flatMap(({ loss: head, curve }) => curve.map(({ step, loss, nme, colorDifference }) =>
    ({ step, ...(loss !== null && { [`${head}: loss`]: loss }), [`${head}: colorDifference`]: colorDifference, [`${head}: nme`]: nme }))));
  expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ command: 'dense train-head' });
});

it('trains once on what it is told to', async () => {
  const { code, out } = await train('-o', join(folder, 'one'), '--loss', 'points');
  expect(code).toBe(0);
  expect(out).toMatch(/^points, step 0: NME \d+\.\d\d %.*\npoints, step 4: NME/);
});

it('says what is missing', async () => {
  expect(await train('-o', join(folder, 'x'), '--anchor', '33')).toMatchObject({ code: 1, err: 'retinamesh: dense train-head: expected anchor to have one of the sizes 16,32,64,128,256,512, got 33\n' });
  const lonely = join(folder, 'lonely');
  mkdirSync(lonely);
  for (const name of ['label.txt', 'landmarks68.dlib.tsv']) writeFileSync(join(lonely, name), readFileSync(join(portraits, name), 'utf8').split(name === 'label.txt' ? '# P000001' : 'P000001')[0]!);
  expect((await runHere('dense', 'train-head', lonely, '--weights', weights, '-o', join(folder, 'x'))).err).toContain(`expected ${lonely} to have portraits to train on and portraits to score on, got 0 and 0`);
  expect((await runHere('dense', 'train-head', folder, '--weights', weights, '-o', join(folder, 'x'))).err).toContain('give a folder with images/, label.txt and landmarks68.dlib.tsv');
});

const PTH = '../shared/data/weights/retinaface_mobilenet0.25.pth', REAL = '../shared/data/portraits';

it.skipIf(!existsSync(PTH) || !existsSync(REAL))('on real features the pixels alone teach where the face is (skipped where ../shared/data is absent)', async () => {
  const { out, err } = await runHere('dense', 'train-head', REAL, '--weights', PTH, '-o', join(folder, 'real'), '--loss', 'pixels', '--train', '30', '--unseen', '6', '--views', '1', '--steps', '60', '--every', '60', '--size', '32', '--rate', '0.02', '--json');
  const [{ curve }] = (JSON.parse(out || `{"runs": ${JSON.stringify(err)}}`) as Report).runs as [Report['runs'][0]];
  expect(curve[1]!.nme).toBeLessThan(0.9 * curve[0]!.nme);
}, 120_000);

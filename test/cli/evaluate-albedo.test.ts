import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFaceModel } from '../../src/decoder/face-model.ts';
import { cropToPhoto, type Point } from '../../src/dense/crop-frame.ts';
import { photoProjection, projectPoint } from '../../src/dense/photo-projection.ts';
import { renderFace } from '../../src/dense/render-face.ts';
import { sceneNumbers } from '../../src/dense/scene.ts';
import type { SwapSummary } from '../../src/dense/summarize-albedo.ts';
import { imageFromFloats } from '../../src/io/image.ts';
import { writePng } from '../../src/io/node-image.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { runHere } from '../support/command-line.ts';
import { writeEggFile } from '../support/egg-file.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-albedo-')), at = (name: string): string => join(root, name), SIZE = 112;

interface Report {
  readonly heads: null;
  readonly photos: SwapSummary | null;
  readonly scores: { readonly photos: readonly { readonly file: string; readonly side: number; readonly swappedSide: number }[] };
}

/** Three mean faces under light from the left, the front and the right, one of them grey, and a run that has fitted them. */
beforeAll(async () => {
  await useWasmBackend();
  copyFileSync('meshes/head.safetensors', at('face.safetensors'));
  const bytes = readFileSync(at('face.safetensors')), model = readFaceModel(new Uint8Array(bytes)), scores: string[] = [], fits: string[] = [], labels: string[] = [], points: string[] = [];
  for (const name of ['images', 'run']) mkdirSync(at(name));
  for (const [i, x] of [-1500, 0, 1800].entries()) {
    const file = `${i}.png`, scene = { ...sceneNumbers(new Float64Array(144)), illumination: { lightPosition: [x, 200, 900], lightColor: [0.5, 0.5, 0.5], ambientColor: [0.3, 0.3, 0.3] } }, frame = { center: [SIZE / 2, SIZE / 2], side: SIZE, roll: 0 } as const;
    const { colors, mesh } = renderFace(scene, model, SIZE), projection = photoProjection(scene.camera, cropToPhoto(frame, SIZE), SIZE), seen = (v: number): Point => projectPoint(projection, mesh.vertices, 3 * v);
    await writePng(at(`images/${file}`), imageFromFloats(i === 2 ? colors.map((_, k) => colors[k - (k % 3)]!) : colors, SIZE, SIZE));
    labels.push(`# ${file}`, [8, 4, 96, 104, ...Array.from(model.topology.landmarks5, seen).flatMap(([u, v]) => [u, v, 0]), 1].join(' '));
    points.push([file, 0, 0, 1, 1, ...new Array<number>(136).fill(1)].join('\t'));
    scores.push(JSON.stringify({ file, grey: i === 2 }));
    fits.push(JSON.stringify({ file, frame, scene: { ...scene, latent: [...scene.latent] }, landmarks68: [] }));
  }
  writeFileSync(at('label.txt'), `${labels.join('\n')}\n`);
  writeFileSync(at('landmarks68.dlib.tsv'), `${points.join('\n')}\n`);
  writeFileSync(at('run/run.json'), JSON.stringify({ command: 'evaluate portraits', boxOnly: false, decoder: { name: 'face.safetensors', sha256: createHash('sha256').update(bytes).digest('hex') }, model: { kind: 'decoder', latent: 128, parameters: 1 } }));
  writeFileSync(at('run/scores.jsonl'), `${scores.join('\n')}\n`);
  writeFileSync(at('run/fits.jsonl'), `${fits.join('\n')}\n`);
  model.decoder.dispose();
});
afterAll(() => rmSync(root, { recursive: true }));

const albedo = (...args: string[]) => runHere('evaluate', 'albedo', '--decoder', at('face.safetensors'), '--count', '0', '--swaps', '0', '--split', 'all', ...args);

it('fits the mirror image of the most side-lit colour photograph of a run, and finds its light on the other side', async () => {
  const { out, code } = await albedo('--portraits', root, '--run', at('run'), '--photos', '1', '-o', at('out'), '--json'), { heads, photos } = JSON.parse(out) as Report;
  expect([code, heads, photos!.count, photos!.trueAsymmetry]).toEqual([0, null, 1, null]);
  expect(readdirSync(at('out')).sort()).toEqual(['albedo.json', 'side-lit-photos.png']);
  const [score] = (JSON.parse(readFileSync(at('out/albedo.json'), 'utf8')) as Report).scores.photos;
  expect(score!.file).toBe('0.png'); // 2.png is grey, 1.png lit from the front
  expect([Math.sign(score!.side), Math.sign(score!.swappedSide)]).toEqual([-1, -1]);
  expect(photos!.litAsymmetry.median).toBeGreaterThan(0.05);
}, 600_000); // fits: seconds, but on a machine that others use minutes

it('fits photographs to find the side-lit ones where there is no run, passes over grey ones, and names what cannot be read', async () => {
  rmSync(at('images/1.png'));
  const { out, err, code } = await albedo('--portraits', root, '--candidates', '3', '--photos', '2');
  expect(code).toBe(0);
  expect(err).toMatch(/^retinamesh: 1\.png: .*no such file or folder; left out$/m);
  expect(out).toMatch(/^albedos are known only up to the light: .*\n.*real faces are not symmetric:\n(.*\n){2}1 most side-lit photographs and their mirror images, side light 0\.\d\d .*\n {2}fitted albedo 0\.\d{4} .*; bar 0\.03: (not )?met, \d of 1 above it, worst .*\n {2}albedo of the one against of the other, turned back, /);
}, 600_000); // fits: seconds, but on a machine that others use minutes

it('looks at the fits of a run as they are without making any', async () => {
  const { out, code } = await albedo('--portraits', root, '--run', at('run'), '--photos', '0'), near = 'side light 0\\.\\d\\d .*: fitted albedo .*, as lit .*; \\d above 0\\.03; on the lit side brighter by ';
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`real faces are not symmetric:\\n  all, 2, ${near}.*\\n  the most side-lit tenth, 1, ${near}[^\\n]*\\n$`)); // no mirror image was fitted
});

it('refuses runs of another decoder and from the box alone, splits without a photograph, and nothing to do', async () => {
  const error = async (...args: string[]): Promise<string> => (await albedo(...args)).err, change = (name: string, fields: object): string => {
    mkdirSync(at(name));
    writeFileSync(at(`${name}/run.json`), JSON.stringify({ ...JSON.parse(readFileSync(at('run/run.json'), 'utf8')) as object, ...fields }));
    return at(name);
  };
  expect(await error()).toMatch(/nothing to evaluate: give --count, --swaps, --portraits or --run/);
  expect(await error('--portraits', root, '--run', change('other', { decoder: { name: 'x.safetensors', sha256: '0123456789abcdef' } }))).toMatch(/other to have fits of face\.safetensors, SHA-256 .*, got those of x\.safetensors, 0123456789ab\.\.\./);
  expect(await error('--portraits', root, '--run', change('pca', { model: { kind: 'pca', latent: 1, parameters: 1 } }))).toMatch(/got those of the model pca/);
  expect(await error('--portraits', root, '--run', change('box', { boxOnly: true }))).toMatch(/fits from five points, got fits from the box alone/);
  expect(await error('--portraits', root, '--run', change('none', {}))).toMatch(/colour portraits of --split all, got none/);
});

const MAKEHUMAN = '../shared/data/meshes/makehuman';
it.skipIf(!existsSync(MAKEHUMAN))(`refuses a decoder of another topology than the drawn heads'${existsSync(MAKEHUMAN) ? '' : ' [skipped: no ../shared/data/meshes]'}`, async () => {
  await writeEggFile(at('egg.safetensors'));
  expect((await runHere('evaluate', 'albedo', '--decoder', at('egg.safetensors'), '--count', '1', '--swaps', '0')).err).toMatch(/--decoder to have the topology of the heads that are drawn, got another/);
}, 600_000); // fits: seconds, but on a machine that others use minutes

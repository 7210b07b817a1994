import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatScene } from '../../src/cli/face-files.ts';
import { SHIPPED_MODEL } from '../../src/cli/load-model.ts';
import type { CropFrame } from '../../src/dense/crop-frame.ts';
import type { SceneRecord } from '../../src/dense/scene-record.ts';
import { writePng } from '../../src/io/node-image.ts';
import { writeSafetensors } from '../../src/io/safetensors.ts';
import { USUAL_PORT } from '../../src/viewer/server/view-server-node.ts';
import { runHere } from '../support/command-line.ts';
import { eggScene, noisePhoto } from '../support/egg-scene.ts';
import { dataOf, readEvents, type Served, serveView } from '../support/served.ts';
import { buildViewer } from '../support/viewer.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-view-')), at = (name: string): string => join(root, name);
const NO_MODEL = existsSync(SHIPPED_MODEL) ? '' : ' [skipped: no meshes/head.safetensors]', BUILT = existsSync('dist/cli/main.js') ? '' : ' [skipped: no dist; npm run build]';
const WASM = readFileSync('node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
let scene: SceneRecord, frame: CropFrame, sha256: string;

beforeAll(async () => {
  buildViewer();
  ({ scene, frame } = await eggScene(at('egg.safetensors')));
  ({ sha256 } = scene.model);
  scene = { ...scene, options: { ...scene.options, photo: 'photo.png' } };
  await writePng(at('photo.png'), noisePhoto());
  mkdirSync(at('scene'));
  writeFileSync(at('scene/scene.json'), formatScene(scene));
});
afterAll(() => rmSync(root, { recursive: true }));

const open: Served[] = [];
afterEach(async () => { for (const served of open.splice(0)) await served.stop(); });

async function serve(...args: string[]): Promise<Served> {
  const served = await serveView(...args);
  open.push(served);
  return served;
}

const bytesAt = async (served: Served, path: string): Promise<Buffer> => Buffer.from(await (await fetch(new URL(path, served.url))).arrayBuffer());
const egg = (): string[] => ['--decoder', at('egg.safetensors')];
const EGG_FACE = (): object => ({ scene: { latent: scene.faces[0]!.latent, camera: scene.faces[0]!.camera, illumination: scene.faces[0]!.illumination }, frame: { size: 64, projection: scene.faces[0]!.projection, cropToPhoto: scene.faces[0]!.cropToPhoto }, mesh: null });
const SERVED = { version: 1, model: { url: '/model' }, wasm: { url: '/wasm' } } as const;

describe('what is looked at', () => {
  it.skipIf(NO_MODEL)(`the model in the package, where nothing is named${NO_MODEL}`, async () => {
    const served = await serve();
    expect(await served.data()).toEqual({ ...SERVED, title: 'head.safetensors', faces: [], events: '/events' });
    expect((await bytesAt(served, '/model')).equals(readFileSync(SHIPPED_MODEL))).toBe(true);
    expect((await bytesAt(served, '/wasm')).equals(WASM)).toBe(true);
    expect((await fetch(new URL('/wasm', served.url))).headers.get('content-type')).toBe('application/wasm');
  });

  it('a face model, also through a link', async () => {
    symlinkSync('egg.safetensors', at('link.safetensors'));
    const served = await serve(at('link.safetensors'));
    expect(await served.data()).toEqual({ ...SERVED, title: 'link.safetensors', faces: [], events: '/events' });
    expect((await bytesAt(served, '/model')).equals(readFileSync(at('egg.safetensors')))).toBe(true);
  });

  it('a scene.json without its photograph, which is said', async () => {
    const served = await serve(at('scene/scene.json'), ...egg());
    expect(await served.data()).toEqual({ ...SERVED, title: 'photo.png', events: null, faces: [{ ...EGG_FACE(), title: 'photo.png', photo: null, facts: expect.arrayContaining([{ label: 'Box', value: '60, 20, 200, 180' }, { label: 'Loss: pixel', value: '0.0412' }, { label: 'Decoder', value: 'egg.safetensors' }]) }] });
    expect(served.notes()).toBe('shown without a photograph: there is no photo.png of 300 x 200 pixels beside it; give it as --photo\n');
  });

  it('a scene.json with the photograph beside it, drawn anew as JPEG without what else its file says, or with the one that is named', async () => {
    mkdirSync(at('beside'));
    copyFileSync(at('scene/scene.json'), at('beside/scene.json'));
    await sharp(at('photo.png')).withExif({ IFD0: { Software: 'secret place' } }).png().toFile(at('beside/photo.png'));
    for (const served of [await serve(at('beside/scene.json'), ...egg()), await serve(at('scene/scene.json'), '--photo', at('beside/photo.png'), ...egg())]) {
      expect((await served.data()).faces).toMatchObject([{ photo: { url: '/photo-0', width: 300, height: 200 } }]);
      const jpeg = await bytesAt(served, '/photo-0'), { format, width, exif } = await sharp(jpeg).metadata();
      expect({ format, width, exif, notes: served.notes() }).toEqual({ format: 'jpeg', width: 300, exif: undefined, notes: '' });
    }
  });

  it('no photograph that a scene or a link leads out of its folder to, nor one of another size', async () => {
    mkdirSync(at('hostile/deep'), { recursive: true });
    await writePng(at('hostile/photo.png'), noisePhoto());
    symlinkSync('../photo.png', at('hostile/deep/link.png'));
    await sharp(at('photo.png')).resize(150).toFile(at('hostile/deep/small.png'));
    writeFileSync(at('hostile/deep/text.png'), 'no picture');
    for (const photo of ['../photo.png', at('photo.png'), 'link.png', 'small.png', 'text.png', '.', '..', '', 3]) {
      writeFileSync(at('hostile/deep/scene.json'), formatScene({ ...scene, options: { ...scene.options, photo } }));
      const served = await serve(at('hostile/deep/scene.json'), ...egg());
      expect((await served.data()).faces[0]!.photo, String(photo)).toBeNull();
      expect(served.notes()).toMatch(/^shown without a photograph: .*; give it as --photo\n$/);
    }
  });

  it('several faces of one photograph', async () => {
    mkdirSync(at('group'));
    writeFileSync(at('group/scene.json'), formatScene({ ...scene, faces: [scene.faces[0]!, scene.faces[0]!] }));
    copyFileSync(at('photo.png'), at('group/photo.png'));
    expect((await (await serve(at('group'), ...egg())).data()).faces).toMatchObject([{ title: 'photo.png, face 1', photo: { url: '/photo-0' } }, { title: 'photo.png, face 2', photo: { url: '/photo-0' } }]);
  });

  const fitLine = (file: string, latent = scene.faces[0]!.latent): string => JSON.stringify({ file, frame, scene: { latent, camera: scene.faces[0]!.camera, illumination: scene.faces[0]!.illumination }, landmarks68: [] });

  /** A run of `evaluate portraits` that was killed in the middle of a line. */
  function portraitRun(name: string, model: object = { kind: 'decoder', latent: 128 }): string {
    mkdirSync(at(`${name}/images`), { recursive: true });
    writeFileSync(at(`${name}/run.json`), JSON.stringify({ command: 'evaluate portraits', decoder: { name: 'egg.safetensors', sha256 }, model }));
    writeFileSync(at(`${name}/fits.jsonl`), [fitLine('photo.png'), fitLine('../photo.png'), fitLine('none.png', []), fitLine('odd.png', [1, 2]), '{"file":"x.png"}', fitLine('cut.png').slice(0, 300)].join('\n'));
    writeFileSync(at(`${name}/scores.jsonl`), `${JSON.stringify({ file: 'photo.png', nme: 0.021, colorDifference: 0.04, grey: false })}\n${JSON.stringify({ file: 'b', nme: 0.03 })}\n`);
    return at(name);
  }

  it('a run of evaluate portraits, with and without photographs', async () => {
    const folder = portraitRun('portraits');
    copyFileSync(at('photo.png'), join(folder, 'images/photo.png'));
    const bare = await serve(folder, ...egg()), served = await serve(folder, ...egg(), '--portraits', folder);
    expect((await bare.data()).faces.map(({ title, photo }) => [title, photo])).toEqual([['photo.png', null], ['../photo.png', null], ['none.png', null]]);
    expect(bare.notes()).toBe('portraits are shown without their photographs: give the folder that was evaluated as --portraits\n');
    const { faces, ...rest } = await served.data();
    expect(rest).toEqual({ ...SERVED, title: 'portraits', events: '/events' });
    expect(faces).toMatchObject([{ photo: { url: '/photo-0', width: 300, height: 200 }, frame: { size: 256 }, scene: { latent: scene.faces[0]!.latent } }, { photo: null }, { photo: null, scene: { latent: Array.from({ length: 128 }, () => 0) } }]);
    expect(faces[0]!.facts).toEqual([{ label: 'NME', value: '2.10 %' }, { label: 'Colour difference', value: '0.0400' }, { label: 'Photograph', value: 'colour' }, { label: 'Decoder', value: 'egg.safetensors' }]);
    // The frame is that of the scene file, whose crop has a quarter of the pixels.
    const [[a, b, c]] = faces[0]!.frame!.cropToPhoto as [number[]], [[d, e, f]] = scene.faces[0]!.cropToPhoto;
    expect([4 * a!, 4 * b!, c!]).toEqual([expect.closeTo(d, 9), expect.closeTo(e, 9), expect.closeTo(f, 9)]);
    expect((await sharp(await bytesAt(served, '/photo-0')).metadata()).width).toBe(300);
    const events = await readEvents(`${served.url}events`);
    expect(await events.next()).toEqual(['metrics', { rows: [{ step: 1, 'median nme': 0.021, 'median colorDifference': 0.04 }, { step: 2, 'median nme': 0.021, 'median colorDifference': 0.04 }] }]);
    await events.close();
  });

  it('a run of evaluate portraits on PCA, whose own model is shown', async () => {
    const folder = portraitRun('pca', { kind: 'pca', latent: 128 });
    copyFileSync(at('egg.safetensors'), join(folder, 'model.safetensors'));
    const served = await serve(folder);
    expect((await served.data()).faces).toHaveLength(3);
    expect((await bytesAt(served, '/model')).equals(readFileSync(at('egg.safetensors')))).toBe(true);
  });

  it('a run of dense train-head', async () => {
    mkdirSync(at('dense'));
    writeFileSync(at('dense/run.json'), '{"command": "dense train-head"}');
    // Scores of an earlier run, which this one will replace.
    writeFileSync(at('dense/scores.json'), '{}');
    utimesSync(at('dense/scores.json'), 1e9, 1e9);
    writeFileSync(at('dense/metrics.jsonl'), '{"step":2,"pixels: loss":0.1}\n');
    const served = await serve(at('dense'), ...egg()), events = await readEvents(`${served.url}events`);
    expect(await served.data()).toEqual({ ...SERVED, title: 'dense', faces: [], events: '/events' });
    expect(await events.next()).toEqual(['metrics', { rows: [{ step: 2, 'pixels: loss': 0.1 }] }]);
    writeFileSync(at('dense/scores.json'), '{}');
    expect(await events.next()).toEqual(['end', {}]);
    await events.close();
  });
});

describe('live', () => {
  it('follows a training: figures as they come, half lines, another file, weights, the end', async () => {
    const folder = at('run'), metrics = join(folder, 'metrics.jsonl'), row = (step: number, more: object = {}): string => `${JSON.stringify({ step, loss: 1 / step, seconds: step, ...more })}\n`, told = (step: number): object => ({ step, loss: 1 / step, time: step });
    mkdirSync(folder);
    writeFileSync(join(folder, 'run.json'), '{"command": "decoder train", "options": {"steps": 4}}');
    const served = await serve(folder);
    expect(await served.data()).toEqual({ ...SERVED, title: 'run', faces: [], events: '/events' });
    expect((await fetch(`${served.url}model`)).status).toBe(204);
    let events = await readEvents(`${served.url}events`);
    expect(await events.next()).toEqual(['metrics', { rows: [] }]);
    writeFileSync(metrics, row(1) + row(2, { note: 'text', bad: null }).slice(0, 20));
    expect(await events.next()).toEqual(['metrics', { rows: [told(1)] }]);
    appendFileSync(metrics, `${row(2, { note: 'text', bad: null }).slice(20)}no JSON\n{"loss": 1}\n`);
    expect(await events.next()).toEqual(['metrics', { rows: [told(2)] }]);
    const late = await readEvents(`${served.url}events`);
    expect(await late.next()).toEqual(['metrics', { rows: [told(1), told(2)] }]);
    await late.close();
    // The run is taken up at its checkpoint: pages are told anew.
    writeFileSync(`${metrics}.tmp`, row(1));
    renameSync(`${metrics}.tmp`, metrics);
    expect(await events.next()).toBeNull();
    events = await readEvents(`${served.url}events`);
    expect(await events.next()).toEqual(['metrics', { rows: [told(1)] }]);
    copyFileSync(at('egg.safetensors'), join(folder, 'head.safetensors'));
    expect(await events.next()).toEqual(['model', {}]);
    expect((await bytesAt(served, '/model')).equals(readFileSync(at('egg.safetensors')))).toBe(true);
    writeFileSync(join(folder, 'head.safetensors'), 'other bytes');
    expect(await events.next()).toEqual(['model', {}]);
    appendFileSync(metrics, row(4));
    expect([await events.next(), await events.next()]).toEqual([['metrics', { rows: [told(4)] }], ['end', {}]]);
    const after = await readEvents(`${served.url}events`);
    expect([await after.next(), await after.next(), await after.next()]).toEqual([['metrics', { rows: [told(1), told(4)] }], ['model', {}], ['end', {}]]);
    await Promise.all([events.close(), after.close()]);
    // Weights that a link leads out of the folder to are not there.
    rmSync(join(folder, 'head.safetensors'));
    symlinkSync(at('egg.safetensors'), join(folder, 'head.safetensors'));
    expect((await fetch(`${served.url}model`)).status).toBe(204);
  });

  it('follows a reconstruction while it fits', async () => {
    mkdirSync(at('fit'));
    cpSync(at('scene/scene.json'), at('fit/scene.json'));
    const served = await serve(at('fit'), ...egg()), events = await readEvents(`${served.url}events`);
    const fit = runHere('reconstruct', at('photo.png'), '--box', '60,20,200,180', '--landmarks', '100,70,160,70,130,100,108,130,152,130', '--size', '48', ...egg(), '-o', at('fit'));
    const [name, first] = await events.next() as ['fit', { step: number; total: number }], during = await served.data();
    expect([name, first]).toEqual(['fit', { step: expect.any(Number), total: expect.any(Number), scene: { latent: expect.any(Array), camera: { eye: expect.any(Array), lookAt: expect.any(Array), focalLength: expect.any(Number) }, illumination: expect.any(Object) }, frame: { size: 48, projection: expect.any(Array), cropToPhoto: expect.any(Array) }, losses: { objective: expect.any(Number), difference: expect.any(Number) } }]);
    expect(during.faces).toMatchObject([{ title: 'photo.png', photo: { width: 300, height: 200 }, frame: { size: 48 } }]);
    expect((await sharp(await bytesAt(served, during.faces[0]!.photo!.url)).metadata()).width).toBe(300);
    let last = first, count = 0;
    for (let event = await events.next(); event?.[0] === 'fit'; event = await events.next()) {
      expect((event[1] as typeof first).step).toBeGreaterThan(last.step);
      last = event[1] as typeof first;
      count++;
    }
    expect(count).toBeGreaterThan(0);
    expect((await fit).code).toBe(0);
    // In the end it is what the scene file says, and nothing is left of the files that told of it.
    const { faces: [face] } = JSON.parse(readFileSync(at('fit/scene.json'), 'utf8')) as SceneRecord;
    expect(last).toMatchObject({ step: first.total, scene: { latent: face!.latent }, frame: { projection: face!.projection } });
    expect(readdirSync(at('fit')).filter((file) => file.startsWith('.'))).toEqual([]);
    // The photograph, which is not beside it, is in the viewer.html that is.
    expect((await served.data()).faces).toMatchObject([{ photo: { width: 300, height: 200 }, scene: { latent: face!.latent } }]);
    await events.close();
  });

  it('takes what a killed fit left for no fit', async () => {
    mkdirSync(at('killed/.live'), { recursive: true });
    const { camera, illumination, latent, projection, cropToPhoto } = scene.faces[0]!;
    writeFileSync(at('killed/.live/fit.json'), JSON.stringify({ version: 1, pid: 2 ** 30, title: 'x', photo: { width: 3, height: 2 }, model: scene.model, fit: { step: 1, total: 2, scene: { latent, camera, illumination }, frame: { projection, size: 64, cropToPhoto }, losses: {} } }));
    expect((await (await serve(at('killed'), ...egg())).data()).title).toBe('x'); // just now, by a process that may be in another container
    utimesSync(at('killed/.live/fit.json'), 1e9, 1e9);
    const { code, err } = await runHere('view', at('killed'), ...egg(), '--port', '0');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('got none of them') });
  });
});

describe('the program', () => {
  it.skipIf(BUILT)(`prints where it is, and ends by Ctrl-C with 0${BUILT}`, async () => {
    const program = spawn(process.execPath, ['dist/cli/main.js', 'view', at('egg.safetensors'), '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [line] = await once(program.stdout, 'data') as [Buffer], [, url] = /^egg\.safetensors: (http:\/\/127\.0\.0\.1:\d+\/)\nCtrl-C ends it\n$/.exec(line.toString())!;
    const reader = (await fetch(`${url}events`)).body!.getReader();
    await reader.read();
    program.kill('SIGINT');
    expect(await once(program, 'exit')).toEqual([0, null]);
  });

  it('says that a port is in use', async () => {
    const taken = createServer().listen({ port: 0, host: '127.0.0.1' });
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number }, { code, err } = await runHere('view', at('egg.safetensors'), '--port', String(port));
    taken.close();
    expect({ code, err }).toEqual({ code: 1, err: `retinamesh: startViewServer: expected port ${port} to have nothing else that listens there, got a port in use; choose another --port, or leave it out\n` });
  });

  it('has a --help with its defaults', async () => {
    expect((await runHere('view', '--help')).out.replace(/\s+/g, ' ')).toContain(`--port <n> to listen at, on 127.0.0.1 (default: ${USUAL_PORT}, or a free one where that is taken; 0: a free one)`);
  });

  it('writes a page that needs nothing else, and says its size', async () => {
    copyFileSync(at('photo.png'), at('scene/photo.png'));
    const { code, out } = await runHere('view', at('scene'), ...egg(), '--export', at('page.html'), '--json'), page = readFileSync(at('page.html'), 'utf8'), data = dataOf(page);
    rmSync(at('scene/photo.png'));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ file: at('page.html'), bytes: Buffer.byteLength(page), kind: 'reconstruct', title: 'photo.png', faces: 1 });
    expect(data).toEqual({ version: 1, title: 'photo.png', model: { base64: readFileSync(at('egg.safetensors')).toString('base64') }, wasm: { base64: WASM.toString('base64') }, events: null, faces: [{ ...EGG_FACE(), title: 'photo.png', facts: expect.any(Array), photo: { url: expect.stringMatching(/^data:image\/jpeg;base64,/), width: 300, height: 200 } }] });
    expect((await runHere('view', at('scene/scene.json'), ...egg(), '-o', at('page-2.html'))).out).toMatch(/^wrote .*page-2\.html: photo\.png, 1 face, \d\.\d MB\nopen it in a browser\n$/);
  });

  it('of several faces in one photograph each gets its part of it, at its place', async () => {
    mkdirSync(at('wide'));
    const face = { ...scene.faces[0]!, cropToPhoto: [[0.5, 0, 200], [0, 0.5, 90]] as const, projection: scene.faces[0]!.projection };
    writeFileSync(at('wide/scene.json'), formatScene({ ...scene, faces: [face, { ...face, cropToPhoto: [[0.5, 0, 10], [0, 0.5, 10]] }] }));
    copyFileSync(at('photo.png'), at('wide/photo.png'));
    expect((await runHere('view', at('wide'), ...egg(), '--export', at('wide.html'))).code).toBe(0);
    const [first] = dataOf(readFileSync(at('wide.html'), 'utf8')).faces, { url, width, height } = first!.photo!, { projection, cropToPhoto } = first!.frame!;
    // 32 pixels of crop and 0.3 of it around, to the whole pixel: from 190 and 80.
    expect({ width, height, cropToPhoto }).toEqual({ width: 52, height: 52, cropToPhoto: [[0.5, 0, 10], [0, 0.5, 10]] });
    const place = (rows: readonly (readonly number[])[]): number[] => {
      const [u, v, w] = rows.map(([a, b, c, d]) => 3 * a! + 5 * b! + 7 * c! + d!) as [number, number, number];
      return [u / w, v / w];
    };
    const [x, y] = place(face.projection);
    expect(place(projection)).toEqual([expect.closeTo(x! - 190, 6), expect.closeTo(y! - 80, 6)]);
    const cut = await sharp(Buffer.from(url.split(',')[1]!, 'base64')).raw().toBuffer({ resolveWithObject: true }), whole = await sharp(at('photo.png')).extract({ left: 190, top: 80, width: 52, height: 52 }).raw().toBuffer();
    expect(cut.info).toMatchObject({ width: 52, height: 52 });
    expect(cut.data.reduce((sum, value, i) => sum + Math.abs(value - whole[i]!), 0) / whole.length).toBeLessThan(10); // of noise that JPEG smooths; a pixel off it is 13
  });
});

describe('bad input: one line, and nothing written', () => {
  beforeAll(() => {
    mkdirSync(at('empty'));
    mkdirSync(at('untrained'));
    writeFileSync(at('untrained/run.json'), '{"command": "decoder train"}');
    mkdirSync(at('torn'));
    writeFileSync(at('torn/run.json'), '{"command": ');
    mkdirSync(at('linked'));
    symlinkSync(at('scene/scene.json'), at('linked/scene.json'));
    writeFileSync(at('bytes.bin'), Buffer.alloc(100, 7));
    writeFileSync(at('other.safetensors'), writeSafetensors({ a: { dtype: 'F32', shape: [1], data: new Float32Array(1) } }, { format: 'else' }));
    writeFileSync(at('bad.json'), '{"version": 1}');
    writeFileSync(at('list.json'), '[1, 2]');
    writeFileSync(at('old.json'), formatScene({ ...scene, model: { name: 'older.safetensors', sha256: 'ab'.repeat(32) } }));
  });

  it.each<[string, string[], number, RegExp]>([
    ['nothing there', ['none'], 1, /view: expected .*none to have the folder of a run \(of reconstruct, .*\), a scene\.json or a face model \(\.safetensors\), got no such file or folder/],
    ['an empty folder', ['empty'], 1, /empty to have one of scene\.json \(reconstruct\), fits\.jsonl \(evaluate portraits\) and metrics\.jsonl \(decoder train, dense train-head\), got none of them/],
    ['a damaged run.json', ['torn'], 1, /torn\/run\.json: expected the text at byte 0 to have JSON/],
    ['a scene that a link leads to', ['linked', '--decoder', 'egg.safetensors'], 1, /linked\/scene\.json to have a file in this folder, got none, or a link that leads out of it/],
    ['a photograph', ['photo.png'], 1, /photo\.png: expected the header size .*; give the folder of a run/],
    ['bytes', ['bytes.bin'], 1, /bytes\.bin: expected .*; give the folder of a run/],
    ['weights of something else', ['other.safetensors'], 1, /other\.safetensors: expected the metadata field format at the header to have value retinamesh-face-model, got else; give the folder of a run/],
    ['JSON of something else', ['bad.json'], 1, /bad\.json: expected the value at photo to have an object, got nothing; give the folder of a run/],
    ['a list', ['list.json'], 1, /list\.json: expected .*; give the folder of a run/],
    ['a scene of another model', ['old.json', '--decoder', 'egg.safetensors'], 1, /checksum abababababab\.\.\. of older\.safetensors, with which the scene was made, got .*give that file as --decoder/],
    ['a missing decoder', ['scene', '--decoder', 'none.safetensors'], 1, /none\.safetensors to have a readable file, got no such file or folder; give a face model/],
    ['a photograph of another size', ['scene', '--decoder', 'egg.safetensors', '--photo', 'meshes/example.jpg'], 1, /--photo: expected .*example\.jpg to have the 300 x 200 pixels of the photo that the scene was made from, got \d+ x \d+/],
    ['a photograph that is none', ['scene', '--decoder', 'egg.safetensors', '--photo', 'bytes.bin'], 1, /bytes\.bin: expected the image .*; give a photo as JPEG/],
    ['a photograph of a model', ['egg.safetensors', '--photo', 'photo.png'], 2, /--photo is for a scene\.json, a folder of reconstruct: this is a face model, leave it out/],
    ['a decoder of a model', ['egg.safetensors', '--decoder', 'egg.safetensors'], 2, /--decoder is for a scene\.json, .*: this is a face model/],
    ['portraits of a scene', ['scene', '--portraits', 'scene'], 2, /--portraits is for a run of evaluate portraits: this is a folder of reconstruct/],
    ['portraits that are not there', ['portraits', '--decoder', 'egg.safetensors', '--portraits', 'none'], 1, /--portraits: expected .*none to have a folder with photographs, got none there/],
    ['a run without weights, as a file', ['untrained', '--export', 'new.html'], 1, /view: expected untrained to have weights to show, got a run that has written none yet; without --export it is followed/],
    ['a file that is no page', ['egg.safetensors', '--export', 'new.glb'], 1, /--export: the extension \.glb of .*new\.glb is not supported; use \.html/],
    ['a file below a file', ['egg.safetensors', '--export', 'egg.safetensors/new.html'], 1, /--export: expected .*egg\.safetensors to have a folder, got a file/],
    ['a port and a file', ['egg.safetensors', '--export', 'new.html', '--port', '1'], 2, /--port is for a page that is served, --export writes a file: leave one of them out/],
    ['a port that is none', ['egg.safetensors', '--port', '65536'], 2, /whole number between 0 and 65535/],
    ['two things', ['egg.safetensors', 'egg.safetensors'], 2, /too many arguments/],
  ])('%s', async (_, args, exit, message) => {
    const before = readdirSync(root, { recursive: true }).sort(), named = args.map((arg, i) => (/^meshes|^--|^\d+$/.test(arg) ? arg : i === 0 || args[i - 1]!.startsWith('--') || /\./.test(arg) ? at(arg) : arg));
    const { code, out, err } = await runHere('view', ...named);
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: exit, out: '' });
    expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(before);
  });
});

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWiderPrediction } from '../../src/data/wider-predictions.ts';
import { readImageFile, writePng } from '../../src/io/node-image.ts';
import { runHere } from '../support/command-line.ts';
import { NO_PUBLISHED_WEIGHTS, PUBLISHED_WEIGHTS, writeDetectorFile } from '../support/detector-file.ts';
import { noisePhoto } from '../support/egg-scene.ts';

interface Report {
  readonly version: number;
  readonly images: readonly { path: string; width: number; height: number; faces: { box: number[]; score: number; landmarks5: number[][] }[]; comparison?: { singleScale?: Run; imagePyramid?: Run; common?: number } }[];
}
interface Run { faces: number; sizes: string[]; milliseconds: number }

const root = mkdtempSync(join(tmpdir(), 'retinamesh-detect-')), at = (name: string): string => join(root, name);
beforeAll(async () => {
  writeDetectorFile(at('random.safetensors'));
  for (const folder of ['shots/0--Parade', 'shots/1--Deep']) mkdirSync(at(folder), { recursive: true });
  await writePng(at('shots/0--Parade/photo.png'), noisePhoto());
  // Stored on its side: orientation 6 says that the upright picture is turned a quarter to the right.
  await sharp(at('shots/0--Parade/photo.png')).rotate(-90).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).withMetadata({ orientation: 6 }).toFile(at('shots/1--Deep/turned.jpg'));
  writeFileSync(at('shots/1--Deep/broken.jpg'), 'this is no picture');
});
afterAll(() => rmSync(root, { recursive: true }));

const detect = (...args: string[]) => runHere('detect', '--weights', at('random.safetensors'), ...args);
const tree = (folder: string): string[] => readdirSync(at(folder), { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(at(folder).length + 1)).sort();

describe('detect', () => {
  it('prints exactly the documented JSON, writes the same and an annotated picture', async () => {
    const photo = at('shots/0--Parade/photo.png'), { code, out } = await detect(photo, '--threshold', '0.5', '--json', '-o', at('one'));
    expect(code).toBe(0);
    const report = JSON.parse(out) as Report;
    expect(Object.keys(report)).toEqual(['version', 'images']);
    expect(report).toMatchObject({ version: 1, images: [{ path: photo, width: 300, height: 200 }] });
    expect(Object.keys(report.images[0]!)).toEqual(['path', 'width', 'height', 'faces']);
    const { faces } = report.images[0]!;
    expect(faces.length).toBeGreaterThan(3);
    for (const face of faces) {
      expect(Object.keys(face)).toEqual(['box', 'score', 'landmarks5']);
      expect([face.box.length, face.landmarks5.length, ...face.landmarks5.map((point) => point.length)]).toEqual([4, 5, 2, 2, 2, 2, 2]);
      expect(face.score).toBeGreaterThan(0.5);
    }
    expect(faces.map(({ score }) => score)).toEqual(faces.map(({ score }) => score).sort((a, b) => b - a));
    expect(tree('one')).toEqual(['detections.json', 'photo-faces.png']);
    expect(JSON.parse(readFileSync(at('one/detections.json'), 'utf8'))).toEqual(report);
    const [drawn, given] = [await readImageFile(at('one/photo-faces.png')), await readImageFile(photo)];
    expect([drawn.width, drawn.height]).toEqual([300, 200]);
    expect(drawn.data.some((x, i) => x !== given.data[i])).toBe(true);
  });

  it('reports a broken photo among others, goes on, and ends with 1; photos are upright', async () => {
    const { code, out, err } = await detect(at('shots'), '--json', '--no-pictures', '-o', at('many'));
    expect(code).toBe(1);
    expect(err).toMatch(/^retinamesh: .*broken\.jpg: expected the image at byte 0 to have the header of a JPEG[^\n]*; skipped\n$/);
    const { images } = JSON.parse(out) as Report;
    expect(images.map(({ path, width, height }) => [path, width, height])).toEqual([[at('shots/0--Parade/photo.png'), 300, 200], [at('shots/1--Deep/turned.jpg'), 300, 200]]);
    // The same picture but for JPEG: the same boxes.
    const [straight, turned] = images.map(({ faces }) => faces[0]!.box);
    straight!.forEach((x, k) => { expect(Math.abs(x - turned![k]!)).toBeLessThan(8); });
    expect(tree('many')).toEqual(['detections.json']);
    const text = await detect(join(at('shots'), '**/*.jpg'), '--no-pictures', '-o', at('many'));
    expect(text.out).toMatch(/turned\.jpg: \d+ faces? in 300 x 200, scores [\d. ]+.*\n\d+ faces? in 1 of 2 photos; not read: .*broken\.jpg\n/);
  });

  it('says no, and writes nothing, where no photo can be read', async () => {
    const { code, out } = await detect(at('shots/1--Deep/broken.jpg'), at('none.jpg'), '--json', '-o', at('empty'));
    expect({ code, report: JSON.parse(out) as Report, there: existsSync(at('empty')) }).toEqual({ code: 1, report: { version: 1, images: [] }, there: false });
  });

  it('passes over the pictures that it drew itself, unless it is given nothing else', async () => {
    mkdirSync(at('again'));
    copyFileSync(at('shots/0--Parade/photo.png'), at('again/photo.png'));
    copyFileSync(at('shots/0--Parade/photo.png'), at('again/our-faces.png')); // a name like its own, and a photo
    const names = async (...args: string[]) => {
      const { code, out, err } = await detect(...args, '--json', '-o', at('again'));
      return { code, err, names: (JSON.parse(out) as Report).images.map(({ path }) => path.slice(at('again').length + 1)) };
    };
    expect(await names(at('again'))).toEqual({ code: 0, err: '', names: ['our-faces.png', 'photo.png'] });
    const drawn = ['detections.json', 'our-faces-faces.png', 'our-faces.png', 'photo-faces.png', 'photo.png'];
    expect(tree('again')).toEqual(drawn);
    const second = await names(at('again'));
    expect(second).toMatchObject({ code: 0, names: ['our-faces.png', 'photo.png'] });
    expect(second.err).toMatch(/^passed over: 2 pictures that detect drew, such as .*again\/our-faces-faces\.png\n$/);
    expect((await names(at('again/photo.png'), at('again/photo-faces.png'))).names).toEqual(['photo.png']);
    expect(tree('again')).toEqual(drawn);
    expect((await names(at('again/photo-faces.png'), '--no-pictures')).names).toEqual(['photo-faces.png']);
  });

  it('writes out the control characters of a name', async () => {
    const named = at('line\nand \x1b[31mcolour.png');
    copyFileSync(at('shots/0--Parade/photo.png'), named);
    const { out } = await detect(named, '--no-pictures', '-o', at('named'));
    expect(out).toMatch(/line\\nand \\u001b\[31mcolour\.png: \d+ faces? in 300 x 200/);
    writeFileSync(named, 'no picture');
    const { out: none, err } = await detect(named, at('shots/0--Parade/photo.png'), '--no-pictures', '-o', at('named'));
    expect(err).toMatch(/^retinamesh: [^\n]*line\\nand \\u001b\[31mcolour\.png: expected the image [^\n]*; skipped\n$/);
    expect(none).toMatch(/not read: .*line\\nand \\u001b\[31mcolour\.png\n/);
    rmSync(named);
  });

  it('writes the layout of WIDER FACE with its protocol', async () => {
    const { code, out } = await detect(at('shots/0--Parade'), at('shots/1--Deep/turned.jpg'), '--format', 'wider', '--max-side', '150', '--json', '-o', at('flat'));
    expect(code).toBe(0);
    expect(tree('flat')).toEqual(['photo.txt', 'protocol.json', 'turned.txt']);
    const { images } = JSON.parse(out) as Report, { faces } = images[0]!, { rows } = parseWiderPrediction(readFileSync(at('flat/photo.txt'), 'utf8'));
    expect(rows.length).toBe(5 * faces.length);
    faces.forEach(({ box, score }, n) => {
      const [x1, y1, x2, y2] = box.map(Math.trunc) as [number, number, number, number];
      // The report is rounded to thousandths, which now and then is the next whole pixel.
      [x1, y1, x2 - x1, y2 - y1, score].forEach((x, k) => { expect(Math.abs(rows[5 * n + k]! - x)).toBeLessThan(k < 4 ? 1.001 : 1e-5); });
      expect(rows.subarray(5 * n, 5 * n + 4).every(Number.isInteger)).toBe(true);
    });
    expect(Math.min(...faces.map(({ score }) => score))).toBeGreaterThan(0.02);
    expect(JSON.parse(readFileSync(at('flat/protocol.json'), 'utf8'))).toMatchObject({ maxSide: 150, confidence: 0.02, nms: 0.4, tta: false, weights: { name: 'random.safetensors', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    await detect(at('shots'), '--format', 'wider', '-o', at('deep'));
    expect(tree('deep')).toEqual(['0--Parade/photo.txt', '1--Deep/turned.txt', 'protocol.json']);
  });

  it('looks at sizes of its own with --tta, and compares pyramids', async () => {
    const photo = at('shots/0--Parade/photo.png'), tta = await detect(photo, '--tta', '100,150', '--threshold', '0.3', '--format', 'wider', '-o', at('tta'));
    expect(tta.code).toBe(0);
    expect(JSON.parse(readFileSync(at('tta/protocol.json'), 'utf8'))).toMatchObject({ resolution: 'short edges 100, 150', tta: { shortEdges: [100, 150], flip: true, voting: true } });
    const both = await detect(photo, '--image-pyramid', '--single-scale', '--json', '--no-pictures', '-o', at('both'));
    const [{ comparison, faces }] = (JSON.parse(both.out) as Report).images as [Report['images'][number]];
    expect(comparison).toEqual({
      singleScale: { faces: faces.length, sizes: ['300 x 200'], milliseconds: expect.any(Number) }, common: expect.any(Number),
      imagePyramid: { faces: expect.any(Number), sizes: ['300 x 200', '150 x 100', '75 x 50'], milliseconds: expect.any(Number) },
    });
    expect(comparison!.imagePyramid!.milliseconds).toBeGreaterThan(0);
    expect((await detect(photo, '--image-pyramid', '--no-pictures', '-o', at('both'))).out).toMatch(/image pyramid \(finest level\): \d+ faces, \d+ ms, 300 x 200, 150 x 100, 75 x 50\n/);
  });

  it('stops at Ctrl-C between photos, and says what is done', async () => {
    mkdirSync(at('many-shots'));
    for (let i = 0; i < 60; i++) copyFileSync(at('shots/0--Parade/photo.png'), at(`many-shots/${i}.png`));
    const listeners = process.listenerCount('SIGINT'), running = detect(at('many-shots'), '--tta', '500', '-o', at('stopped'));
    const stop = setInterval(() => { if (process.listenerCount('SIGINT') > listeners && existsSync(at('stopped'))) process.emit('SIGINT'); }, 50);
    const { code, out, err } = await running;
    clearInterval(stop);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/retinamesh: detect: going on after Ctrl-C is not supported; \d+ of \d+ photos are done and what was written of them in .*stopped is whole; name the others to go on\n$/);
    expect(tree('stopped').every((name) => name.endsWith('-faces.png'))).toBe(true);
  });

  it.each<[string, string[], number, RegExp]>([
    ['no photo', [], 2, /missing required argument 'photos'/],
    ['a folder without photos', ['EMPTY'], 1, /expected .* to have photos \(\.jpg/],
    ['a threshold of 1', ['PHOTO', '--threshold', '1'], 2, /Give a number between 0 and 0\.999999/],
    ['edges that are none', ['PHOTO', '--tta', '500,small'], 2, /Give whole numbers from 16 to 16384/],
    ['a photo where edges go', ['--tta', 'PHOTO'], 2, /photos go before --tta/],
    ['a side of nothing', ['PHOTO', '--max-side', '0'], 2, /whole number between 16 and 65536/],
    ['augmentation and a comparison', ['PHOTO', '--tta', '--image-pyramid'], 2, /--tta is no part of the comparison of pyramids: leave out --image-pyramid/],
    ['another format', ['PHOTO', '--format', 'xml'], 2, /Allowed choices are json, wider/],
    ['weights that are none', ['PHOTO', '--weights', 'PHOTO'], 1, /photo\.png/],
    ['weights that are not there', ['PHOTO', '--weights', 'none.safetensors'], 1, /none\.safetensors to have a readable file, got no such file or folder/],
    ['an output that is a file', ['PHOTO', '-o', 'PHOTO'], 1, /--output: expected .*photo\.png to have a folder, got a file/],
  ])('%s: one line, and nothing written', async (_, args, exit, message) => {
    mkdirSync(at('nothing'), { recursive: true });
    const { code, out, err } = await detect('-o', at('new'), ...args.map((arg) => ({ PHOTO: at('shots/0--Parade/photo.png'), EMPTY: at('nothing') })[arg] ?? arg));
    expect(err).toMatch(message);
    expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
    expect({ code, out, there: existsSync(at('new')) }).toEqual({ code: exit, out: '', there: false });
  });

  it.skipIf(NO_PUBLISHED_WEIGHTS)(`finds 29 people with the published weights, as they are published, and one face too many at .5${NO_PUBLISHED_WEIGHTS}`, async () => {
    const run = async (...args: string[]): Promise<number> => (JSON.parse((await runHere('detect', '../shared/data/photos/solvay1927.jpg', '--weights', PUBLISHED_WEIGHTS, '--no-pictures', '--json', '-o', at('solvay'), ...args)).out) as Report).images[0]!.faces.length;
    expect([await run('--threshold', '0.9'), await run()]).toEqual([29, 30]);
  });
});

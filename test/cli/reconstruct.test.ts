import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseSceneRecord, type SceneRecord } from '../../src/dense/scene-record.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { writePng } from '../../src/io/node-image.ts';
import { runHere } from '../support/command-line.ts';
import { writeDetectorFile } from '../support/detector-file.ts';
import { writeEggFile } from '../support/egg-file.ts';
import { noisePhoto } from '../support/egg-scene.ts';
import { buildViewer } from '../support/viewer.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-reconstruct-')), at = (name: string): string => join(root, name);
const BOX = '60,20,200,180', LANDMARKS = '100,70,160,70,130,100,108,130,152,130';
const FILES = ['face.glb', 'face.ply', 'face.obj', 'crop.png', 'render.png', 'overlay.png', 'viewer.html', 'scene.json'];
beforeAll(async () => {
  buildViewer();
  await writeEggFile(at('egg.safetensors'));
  await writePng(at('photo.png'), noisePhoto());
  writeDetectorFile(at('random.safetensors'));
  vi.stubEnv('RETINAMESH_CACHE', at('no-cache'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const reconstruct = (...args: string[]) => runHere('reconstruct', '--decoder', at('egg.safetensors'), ...args);

describe('reconstruct', () => {
  let scene: SceneRecord;

  it('writes eight files, prints the scene with --json, and again the same', async () => {
    const args = [at('photo.png'), '--box', BOX, '--landmarks', LANDMARKS, '--size', '48', '--json'];
    const first = await reconstruct(...args, '-o', at('one'));
    expect(first.code).toBe(0);
    expect(readdirSync(at('one')).sort()).toEqual([...FILES].sort());
    scene = parseSceneRecord(readFileSync(at('one/scene.json'), 'utf8'));
    expect(JSON.parse(first.out)).toEqual(scene);
    expect(scene).toMatchObject({
      photo: { width: 300, height: 200 }, model: { name: 'egg.safetensors', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }, options: { size: 48, photo: 'photo.png', backend: 'wasm' },
      faces: [{ box: [60, 20, 200, 180], landmarks5: [[100, 70], [160, 70], [130, 100], [108, 130], [152, 130]] }],
    });
    expect((await reconstruct(...args, '-o', at('two'))).code).toBe(0);
    for (const name of ['face.glb', 'face.ply', 'render.png', 'crop.png']) expect(readFileSync(at(`two/${name}`)).equals(readFileSync(at(`one/${name}`))), name).toBe(true);
  });

  it('is drawn again by render, to the bit', async () => {
    expect((await runHere('render', at('one/scene.json'), '--decoder', at('egg.safetensors'), '-o', at('again.png'))).code).toBe(0);
    expect(readFileSync(at('again.png')).equals(readFileSync(at('one/render.png')))).toBe(true);
  });

  it('puts the given box and its landmarks into upright pixels of an EXIF-rotated photo, here of CMYK, and lists its files', async () => {
    // Stored on its side: orientation 6 says that the upright picture is turned a quarter to the right of the file's.
    await sharp(at('photo.png')).rotate(-90).toColourspace('cmyk').jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toFile(at('exif.jpg'));
    await sharp({ create: { width: 110, height: 140, channels: 4, background: '#000' } }).extend({ left: 75, top: 30, right: 115, bottom: 30, background: { r: 0, g: 0, b: 0, alpha: 0 } }).png().toFile(at('mask.png'));
    const { code, out } = await reconstruct(at('exif.jpg'), '--box', BOX, '--landmarks', LANDMARKS, '--silhouette', at('mask.png'), '--size', '48', '-o', at('exif'));
    expect(code).toBe(0);
    for (const name of FILES) expect(out).toContain(`${at('exif')}/${name}\n`);
    expect(out).toMatch(/^exif\.jpg: fitted in [\d.]+ s, [\d.]+ s in all \(wasm\); .*\d\n/);
    expect(parseSceneRecord(readFileSync(at('exif/scene.json'), 'utf8'))).toMatchObject({ photo: { width: 300, height: 200 }, options: { silhouette: 'mask.png' }, faces: [{ losses: { silhouette: expect.any(Number) } }] });
    const [upright, stored] = await Promise.all(['one', 'exif'].map((name) => sharp(at(`${name}/crop.png`)).removeAlpha().raw().toBuffer()));
    const difference = upright!.reduce((sum, x, i) => sum + Math.abs(x - stored![i]!), 0) / upright!.length;
    expect(difference).toBeLessThan(25); // the same place: noise through JPEG and another crop, not another side of the slopes
  });

  it('finds the faces itself, the largest first, and fits each with its five points', async () => {
    const args = ['--weights', at('random.safetensors'), '--threshold', '0.5', '--min-size', '40', '--size', '32'], { code, out, err } = await reconstruct(at('photo.png'), ...args, '--max-faces', '2', '-o', at('found'));
    expect({ code, err: err.replace(/^fit .*\n/gm, '') }).toEqual({ code: 0, err: '' });
    expect(readdirSync(at('found')).sort()).toEqual([...FILES, 'face-2.ply', 'face-2.obj', 'crop-2.png', 'render-2.png'].sort());
    expect(out).toMatch(/^photo\.png: 2 faces fitted in .*\(means\)\nface\.glb: 2 cameras in one, [\d.]+ pixels off \(root mean square of the worst face\), [\d.]+ at most; overlay\.png and scene\.json are exact\n/);
    const { faces, options } = parseSceneRecord(readFileSync(at('found/scene.json'), 'utf8')), edges = faces.map(({ box: [x1, y1, x2, y2] }) => Math.max(x2 - x1, y2 - y1));
    expect(options).toMatchObject({ search: { weights: { name: 'random.safetensors', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }, threshold: 0.5, minSize: 40, maxFaces: 2, scores: [expect.any(Number), expect.any(Number)] } });
    expect(edges[0]).toBeGreaterThanOrEqual(edges[1]!);
    expect(edges[1]).toBeGreaterThanOrEqual(40);
    const detected = JSON.parse((await runHere('detect', at('photo.png'), '--weights', at('random.safetensors'), '--no-pictures', '--json', '-o', at('detected'))).out) as { images: [{ faces: { box: number[]; landmarks5: number[][] }[] }] };
    for (const { box } of faces) expect(detected.images[0].faces.some((face) => face.box.every((x, k) => Math.abs(x - box[k]!) < 2e-3))).toBe(true);
  });

  it('stops at Ctrl-C during the fit and writes nothing', async () => {
    const running = reconstruct(at('photo.png'), '--box', BOX, '-o', at('stopped'));
    const stop = setInterval(() => { if (process.listenerCount('SIGINT') > listeners) process.emit('SIGINT'); }, 300), listeners = process.listenerCount('SIGINT');
    const { code, out, err } = await running;
    clearInterval(stop);
    expect({ code, out, there: existsSync(at('stopped')) }).toEqual({ code: 1, out: '', there: false });
    expect(err).toMatch(/^(fit .*\n)*retinamesh: going on after Ctrl-C.*nothing was written[^\n]*\n$/);
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });
});

/** A PNG that claims a size, with no pixels to speak of. */
function hollowPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]), length = Buffer.alloc(4), check = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', Buffer.from([0x78, 0x9c, 3, 0, 0, 0, 0, 1])), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

describe('bad input', () => {
  beforeAll(async () => {
    const photo = readFileSync(at('photo.png'));
    writeFileSync(at('empty.jpg'), '');
    writeFileSync(at('cut.png'), photo.subarray(0, photo.length / 2));
    writeFileSync(at('text.jpg'), 'this is no picture');
    writeFileSync(at('huge.png'), hollowPng(100_000, 50_000));
    await sharp(at('photo.png')).resize(30).toFile(at('small.png'));
    await sharp(at('photo.png')).greyscale().toFile(at('grey.png'));
    await sharp(at('photo.png')).toColourspace('rgb16').png().toFile(at('deep.png'));
    const frames = await Promise.all([false, true].map((upside) => sharp(at('photo.png')).flip(upside).png().toBuffer()));
    await sharp(frames, { join: { animated: true } }).gif().toFile(at('moving.gif'));
    const { tensors, metadata } = readSafetensors(readFileSync(at('egg.safetensors')));
    writeFileSync(at('v9.safetensors'), writeSafetensors(tensors, { ...metadata, version: '9' }));
    writeFileSync(at('other-topology.safetensors'), writeSafetensors({ ...tensors, 'topology.mirror': { dtype: 'U16', shape: [9], data: new Uint16Array(9) } }, metadata));
    writeFileSync(at('file'), '');
    mkdirSync(at('locked'), { recursive: true });
    chmodSync(at('locked'), 0o555);
  });

  const box = ['--box', BOX];
  it.each<[string, string[], number, RegExp]>([
    ['neither a box nor a detector', ['photo.png'], 1, /reconstruct: finding faces without a detector is not supported; .*retinamesh import.*--weights.*--box x1,y1,x2,y2/],
    ['no face that is large enough', ['photo.png', '--weights', 'random.safetensors', '--min-size', '5000'], 1, /photo\.png to have a face that scores over 0\.8 and is 5000 pixels large, got (none|\d+, all smaller); lower --threshold or --min-size, or give the face as --box/],
    ['landmarks without a box', ['photo.png', '--landmarks', LANDMARKS], 2, /--landmarks is for the face of --box: give --box/],
    ['a box and a search', ['photo.png', ...box, '--max-faces', '2'], 2, /--max-faces is for a search, --box says where the face is: leave one of them out/],
    ['weights without a photo', ['--weights', 'random.safetensors'], 2, /--weights is for a photo: name one before it/],
    ['weights that are a photo', ['photo.png', '--weights', 'photo.png'], 1, /photo\.png.*; give the weights of a detector as --weights/],
    ['a box without a photo', [...box], 2, /--box is for a photo: name one before it/],
    ['a missing image', ['none.jpg', ...box], 1, /none\.jpg to have a readable file, got no such file or folder/],
    ['a folder', ['locked', ...box], 1, /got a directory/],
    ['an empty image', ['empty.jpg', ...box], 1, /empty\.jpg: expected the image at byte 0 to have at least one byte, got an empty file/],
    ['a truncated image', ['cut.png', ...box], 1, /cut\.png: expected the image at .* to have 300 x 200 whole pixels/],
    ['no image at all', ['text.jpg', ...box], 1, /text\.jpg: expected the image at byte 0 to have the header of a JPEG, PNG/],
    ['a huge image, before decoding', ['huge.png', ...box], 1, /huge\.png: expected the image to have at most 100000000 pixels, got 100000 x 50000/],
    ['an animated image', ['moving.gif', ...box], 1, /moving\.gif: an image of 2 frames or pages is not supported; save the one you want/],
    ['a box outside the photo', ['photo.png', '--box', '400,20,500,180'], 1, /--box: expected box to have its centre inside the photo of 300 x 200 pixels, got \[400,20,500,180\]; give --box as x1,y1,x2,y2; the upright photo has 300 x 200/],
    ['a reversed box', ['photo.png', '--box', '200,20,60,180'], 1, /x1 < x2 and y1 < y2/],
    ['an empty box', ['photo.png', '--box', '60,20,60,20'], 1, /x1 < x2 and y1 < y2/],
    ['a tiny box', ['photo.png', '--box', '60,20,63,23'], 1, /edges of at least 8 pixels/],
    ['NaN in the box', ['photo.png', '--box', '60,NaN,200,180'], 2, /--box <x1,y1,x2,y2>' argument '60,NaN,200,180' is invalid\. Give 4 numbers with commas between/],
    ['three numbers for a box', ['photo.png', '--box', '60,20,200'], 2, /Give 4 numbers/],
    ['landmarks outside the box', ['photo.png', ...box, '--landmarks', '100,70,160,70,130,100,108,130,280,130'], 1, /--landmarks: expected landmark 5 to have a place in the box \[60,20,200,180\], got \[280, 130\]; give --landmarks/],
    ['nine landmark numbers', ['photo.png', ...box, '--landmarks', '1,2,3,4,5,6,7,8,9'], 2, /Give 10 numbers/],
    ['infinity in the landmarks', ['photo.png', ...box, '--landmarks', '100,70,160,70,130,100,108,130,152,Infinity'], 2, /Give 10 numbers/],
    ['eyes on one spot', ['photo.png', ...box, '--landmarks', '100,70,100,70,130,100,108,130,152,130'], 1, /two eyes at least a pixel apart/],
    ['a silhouette of another size', ['photo.png', ...box, '--silhouette', 'small.png'], 1, /small\.png: expected silhouette to have the photograph's 300 x 200 pixels, got 30 x 20; give --silhouette a picture as large as the upright photo/],
    ['a silhouette without a photo', ['--silhouette', 'small.png'], 2, /--silhouette is for a photo: name one before it/],
    ['a size of NaN', ['photo.png', ...box, '--size', 'NaN'], 2, /whole number between 16 and 2048/],
    ['a size of 9 million', ['photo.png', ...box, '--size', '9000000'], 2, /whole number between 16 and 2048/],
    ['a missing decoder', ['photo.png', ...box, '--decoder', 'none.safetensors'], 1, /none\.safetensors to have a readable file, got no such file or folder; give a face model/],
    ['a decoder of another version', ['photo.png', ...box, '--decoder', 'v9.safetensors'], 1, /v9\.safetensors: expected the metadata field version .*got 9/],
    ['a decoder of another topology', ['photo.png', ...box, '--decoder', 'other-topology.safetensors'], 1, /tensor topology\.mirror .* shape \[642\], got \[9\]/],
    ['a photo for a decoder', ['photo.png', ...box, '--decoder', 'photo.png'], 1, /photo\.png: expected/],
    ['an output that is a file', ['photo.png', ...box, '-o', 'file'], 1, /--output: expected .*file to have a folder, got a file/],
    ['an output below a file', ['photo.png', ...box, '-o', 'file/deep/er'], 1, /--output: expected .*file to have a folder, got a file/],
    ['an unknown option', ['photo.png', ...box, '--boxx', '1'], 2, /unknown option '--boxx'.*Did you mean --box/],
    ['an unknown backend', ['photo.png', ...box, '--backend', 'cuda'], 2, /Allowed choices are auto, wasm, .*cpu/],
    ['a second photo', ['photo.png', 'photo.png', ...box], 2, /too many arguments/],
  ])('%s: one line, and nothing written', async (_, args, exit, message) => {
    const before = readdirSync(root).sort(), named = args.map((arg) => (/\.(png|jpg|gif|safetensors)$|^(file.*|locked)$/.test(arg) ? at(arg) : arg));
    const { code, out, err } = await reconstruct(...named, ...(named.includes('-o') ? [] : ['-o', at('new')]));
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: exit, out: '' });
    expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
    expect(readdirSync(root).sort()).toEqual(before);
  });

  it.skipIf(process.getuid?.() === 0)('a folder that is not writable: one line [skipped for root, who may write anywhere]', async () => {
    const { code, err } = await reconstruct(at('photo.png'), ...box, '-o', at('locked/deep'));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^retinamesh: --output: expected .*locked to have a folder that can be written to, got permission denied\n$/) });
  });

  it.each(['grey.png', 'deep.png'])('%s is read like any other: the complaint is about the box alone', async (name) => {
    const { code, err } = await reconstruct(at(name), '--box', '400,20,500,180', '-o', at('new'));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('the upright photo has 300 x 200 pixels') });
  });
});

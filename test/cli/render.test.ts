import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatScene } from '../../src/cli/face-files.ts';
import { sceneImage } from '../../src/cli/scene-image.ts';
import type { FaceModel } from '../../src/decoder/face-model.ts';
import type { SceneRecord } from '../../src/dense/scene-record.ts';
import { encodePng } from '../../src/io/node-image.ts';
import { writeMeshFile } from '../../src/io/node-mesh.ts';
import { runHere } from '../support/command-line.ts';
import { writeEggFile } from '../support/egg-file.ts';
import { eggScene } from '../support/egg-scene.ts';
import { icosphere } from '../support/meshes.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-render-')), at = (name: string): string => join(root, name);
let scene: SceneRecord, model: FaceModel;
beforeAll(async () => {
  ({ scene, model } = await eggScene(at('egg.safetensors'), { size: 40 }));
  writeFileSync(at('scene.json'), formatScene(scene));
  const sphere = icosphere(3);
  await writeMeshFile(at('ball.ply'), { ...sphere, colors: sphere.vertices.map((_, i) => [1, 0.5, 0][i % 3]!) });
  await writeMeshFile(at('bare.obj'), sphere);
});
afterAll(() => rmSync(root, { recursive: true }));

const render = async (name: string, ...args: string[]) => {
  const outcome = await runHere('render', at(name), '-o', at('out.png'), ...args);
  expect(outcome.err).toBe('');
  expect(outcome.code).toBe(0);
  const { data, info } = await sharp(at('out.png')).raw().toBuffer({ resolveWithObject: true });
  return { out: outcome.out, data, ...info, pixel: (x: number, y: number) => [...data.subarray(info.channels * (y * info.width + x), info.channels * (y * info.width + x + 1))] };
};

describe('render of a scene', () => {
  it('reproduces render.png to the bit, in another process of the same numbers', async () => {
    const expected = await encodePng(await sceneImage(scene, { model }));
    await render('scene.json', '--decoder', at('egg.safetensors'));
    expect(Buffer.compare(readFileSync(at('out.png')), expected)).toBe(0);
  });

  it('takes the backend that the scene names, and says when another or another size was asked for', async () => {
    const named = JSON.parse((await render('scene.json', '--decoder', at('egg.safetensors'), '--json')).out) as { backend: string };
    expect(named.backend).toBe('wasm');
    const { out, width } = await render('scene.json', '--decoder', at('egg.safetensors'), '--backend', 'cpu', '--size', '20');
    expect(width).toBe(20);
    expect(out).toContain('another backend, size, camera or light');
  });

  it('draws the face of several that --face names, as render-2.png has it', async () => {
    const [first] = scene.faces, second = { ...first!, illumination: { ...first!.illumination, lightColor: [0, 0, 0] as const, ambientColor: [0, 0, 1] as const } };
    writeFileSync(at('two.json'), formatScene({ ...scene, faces: [first!, second] }));
    const args = ['--decoder', at('egg.safetensors')], { data } = await render('two.json', ...args, '--face', '2');
    expect([0, 1].map((k) => Math.max(...data.filter((_, i) => i % 4 === k)))).toEqual([0, 0]);
    expect((await render('two.json', ...args)).data.equals((await render('scene.json', ...args)).data)).toBe(true);
    expect(await runHere('render', at('two.json'), '-o', at('x.png'), ...args, '--face', '3')).toMatchObject({ code: 1, err: expect.stringContaining('expected face to have a number from 1 to 2, got 3') });
    expect(await runHere('render', at('ball.ply'), '-o', at('x.png'), '--face', '1')).toMatchObject({ code: 2, err: expect.stringContaining('--face is for a scene file') });
  });

  it('takes another camera and light over those of the scene', async () => {
    const args = ['--decoder', at('egg.safetensors'), '--light-color', '0,0,0', '--ambient-color', '0,1,0'], { out, data } = await render('scene.json', ...args);
    expect(out).toContain('another backend, size, camera or light');
    expect([0, 2].map((k) => Math.max(...data.filter((_, i) => i % 4 === k)))).toEqual([0, 0]);
    expect(Math.max(...data.filter((_, i) => i % 4 === 1))).toBeGreaterThan(100);
    const { data: moved } = await render('scene.json', ...args, '--look-at', '900,0,0');
    expect(Math.max(...moved)).toBe(0);
  });

  it('refuses another decoder, naming both', async () => {
    await writeEggFile(at('other.safetensors'), { note: 'not the same bytes' });
    const { code, err } = await runHere('render', at('scene.json'), '-o', at('x.png'), '--decoder', at('other.safetensors'));
    expect(code).toBe(1);
    expect(err).toMatch(/^retinamesh: .*scene\.json: expected the decoder to have checksum [0-9a-f]{12}\.\.\. of egg\.safetensors, with which the scene was made, got [0-9a-f]{12}\.\.\. of other\.safetensors; give that file as --decoder\n$/);
  });
});

describe('render of a mesh', () => {
  it('shows all of it in the middle, transparent beside it, brighter from above', async () => {
    const { width, height, channels, pixel } = await render('ball.ply', '--size', '64');
    expect([width, height, channels]).toEqual([64, 64, 4]);
    expect(pixel(0, 0)).toEqual([0, 0, 0, 0]);
    expect(pixel(32, 1)[3]).toBe(0);
    const [red, green, blue, alpha] = pixel(32, 32) as [number, number, number, number];
    expect([blue, alpha]).toEqual([0, 255]);
    expect(red / green).toBeCloseTo(2, 1);
    expect(pixel(32, 24)[0]).toBeGreaterThan(pixel(32, 46)[0]!);
  });

  it('takes camera, light and background', async () => {
    const args = ['--size', '32', '--eye', '0,0,5', '--look-at', '0,0,0', '--light-color', '0,0,0', '--ambient-color', '0.5,1,1', '--background', '0,0,1'];
    const { channels, pixel } = await render('ball.ply', ...args, '--focal-length', '3');
    expect(channels).toBe(3);
    expect(pixel(16, 16)).toEqual([128, 128, 0]);
    expect(pixel(0, 0)).toEqual([0, 0, 255]);
    const moved = await render('ball.ply', ...args, '--look-at', '1.5,0,0', '--focal-length', '3'); // the ball at the left of the picture
    expect(moved.pixel(16, 16)).toEqual([0, 0, 255]);
    const linear = await render('ball.ply', ...args, '--focal-length', '3', '--shading-space', 'linear');
    expect(linear.pixel(16, 16)[0]).toBe(188); // half of linear white
    expect((await render('bare.obj', ...args, '--focal-length', '3')).pixel(16, 16)).toEqual([89, 178, 178]); // grey 0.7
  });
});

it.each<[string, string[], number, RegExp]>([
  ['no output', ['ball.ply'], 2, /required option '-o, --output <file>'/],
  ['another format', ['ball.ply', '-o', 'x.jpg'], 1, /the extension \.jpg .*use \.png/],
  ['a camera that sees nothing of the mesh', ['ball.ply', '-o', 'x.png', '--eye', '0,0,5', '--look-at', '0,0,9'], 1, /render: expected the view to have some of the mesh in it, got none from 0,0,5 towards 0,0,9; the mesh lies about 0,0,0 and is all seen from 0,0,\d+\.?\d* .*metres/],
  ['a missing scene', ['none.json', '-o', 'x.png'], 1, /none\.json to have a readable file, got no such file/],
  ['a broken scene', ['broken.json', '-o', 'x.png'], 1, /broken\.json: expected the text at character \d+ to have JSON/],
  ['NaN in a scene', ['nan.json', '-o', 'x.png'], 1, /nan\.json: expected the value at faces\[0\]\.camera\.eye to have 3 finite numbers, got \[0,null,1060\]/],
  ['a scene of another version', ['v2.json', '-o', 'x.png'], 1, /version 2 of a scene file is not supported; this program reads version 1/],
  ['a latent of another length', ['short.json', '-o', 'x.png'], 1, /latent.*128 numbers, got 127/],
  ['a background for a scene', ['scene.json', '-o', 'x.png', '--shading-space', 'linear'], 2, /--shading-space is for a mesh: .*leave it out/],
  ['a camera in a scene that looks straight down', ['scene.json', '-o', 'x.png', '--eye', '0,900,0', '--look-at', '0,0,0'], 1, /camera/],
  ['a decoder for a mesh', ['ball.ply', '-o', 'x.png', '--decoder', 'egg.safetensors'], 2, /--decoder is for a scene file/],
  ['NaN in the camera', ['ball.ply', '-o', 'x.png', '--eye', '0,NaN,1'], 2, /--eye <x,y,z>.*Give 3 numbers/],
  ['two numbers', ['ball.ply', '-o', 'x.png', '--eye', '0,1'], 2, /Give 3 numbers/],
  ['an eye at the look-at point', ['ball.ply', '-o', 'x.png', '--eye', '0,1,0', '--look-at', '0,1,0'], 1, /--eye to have a place other than --look-at/],
  ['an eye straight above', ['ball.ply', '-o', 'x.png', '--eye', '0,9,0', '--look-at', '0,1,0'], 1, /not straight above or below/],
  ['a size of 0', ['ball.ply', '-o', 'x.png', '--size', '0'], 2, /whole number between 1 and 2048/],
  ['a background of 255', ['ball.ply', '-o', 'x.png', '--background', '255,0,0'], 1, /--background to have three numbers in \[0, 1\]/],
  ['another kind of file', ['ball.stl', '-o', 'x.png'], 1, /the extension \.stl/],
])('refuses %s on one line and writes nothing', async (_, args, exit, message) => {
  const face = scene.faces[0]!, text = formatScene(scene);
  writeFileSync(at('broken.json'), text.slice(0, 200));
  writeFileSync(at('nan.json'), JSON.stringify({ ...scene, faces: [{ ...face, camera: { ...face.camera, eye: [0, NaN, 1060] } }] }));
  writeFileSync(at('v2.json'), text.replace('"version": 1', '"version": 2'));
  writeFileSync(at('short.json'), JSON.stringify({ ...scene, faces: [{ ...face, latent: face.latent.slice(1) }] }));
  const before = readdirSync(root), decoder = /\.json$/.test(args[0]!) ? ['--decoder', at('egg.safetensors')] : [];
  const { code, out, err } = await runHere('render', ...args.map((arg) => (/\.(json|png|ply|stl|jpg|safetensors)$/.test(arg) ? at(arg) : arg)), ...decoder);
  expect(err).toMatch(message);
  expect({ code, out }).toEqual({ code: exit, out: '' });
  expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
  expect(readdirSync(root)).toEqual(before);
});

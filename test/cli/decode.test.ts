import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gltfValidator from 'gltf-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHIPPED_MODEL } from '../../src/cli/load-model.ts';
import { readMeshFile } from '../../src/io/node-mesh.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { runHere } from '../support/command-line.ts';
import { writeEggFile } from '../support/egg-file.ts';
import { sceneRecord } from '../support/scene-record.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-decode-')), at = (name: string): string => join(root, name);
beforeAll(() => writeEggFile(at('egg.safetensors')));
afterAll(() => rmSync(root, { recursive: true }));
const decode = (...args: string[]) => runHere('decode', '--decoder', at('egg.safetensors'), ...args);

describe('decode', () => {
  it('writes the mean face without a latent: the same mesh in all three formats, the GLB valid without warning', async () => {
    const meshes = await Promise.all(['obj', 'ply', 'glb'].map(async (kind) => {
      const { code, out, err } = await decode('-o', at(`mean.${kind}`));
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toBe(`wrote ${at(`mean.${kind}`)}: 642 vertices, 1280 faces, ${kind === 'glb' ? 'metres' : 'millimetres'}\n`);
      return readMeshFile(at(`mean.${kind}`), { weld: false });
    }));
    for (const { vertices, faces, colors } of meshes.slice(0, 2)) {
      expect(Math.max(...vertices)).toBeGreaterThan(90); // 95 mm at the top of the egg
      expect(faces).toEqual(meshes[0]!.faces);
      expect(colors).toBeDefined();
    }
    expect(Math.max(...meshes[2]!.vertices)).toBeCloseTo(Math.max(...meshes[0]!.vertices) / 1000, 6); // metres by the standard
    const { issues } = await gltfValidator.validateBytes(new Uint8Array(readFileSync(at('mean.glb'))));
    expect(issues).toMatchObject({ numErrors: 0, numWarnings: 0 });
  });

  it('makes the folder that the file is to lie in, and none where nothing comes of it', async () => {
    expect((await decode('-o', at('new/deep/x.ply'))).code).toBe(0);
    expect(existsSync(at('new/deep/x.ply'))).toBe(true);
    writeFileSync(at('three.txt'), '1 2 3');
    expect((await decode('-o', at('none/x.ply'), '--latent', at('three.txt'))).code).toBe(1);
    expect(existsSync(at('none'))).toBe(false);
  });

  it('reads the latent from a scene file, from JSON and from text, all to the same mesh', async () => {
    const scene = sceneRecord();
    writeFileSync(at('scene.json'), JSON.stringify(scene));
    writeFileSync(at('latent.json'), JSON.stringify(scene.faces[0]!.latent));
    writeFileSync(at('latent.txt'), scene.faces[0]!.latent.join('\n'));
    for (const name of ['scene.json', 'latent.json', 'latent.txt']) expect((await decode('--latent', at(name), '-o', at(`${name}.obj`))).code).toBe(0);
    const [a, b, c] = ['scene.json', 'latent.json', 'latent.txt'].map((name) => readFileSync(at(`${name}.obj`), 'utf8'));
    expect(a === b && b === c).toBe(true);
    expect(a).not.toBe(readFileSync(at('mean.obj'), 'utf8'));
  });

  it('prints a record with --json', async () => {
    const { out } = await decode('-o', at('x.ply'), '--json', '--backend', 'cpu');
    expect(JSON.parse(out)).toEqual({ decoder: 'egg.safetensors', backend: 'cpu', latentSize: 128, vertices: 642, faces: 1280, files: [at('x.ply')] });
  });

  it.each<[string, string[], number, RegExp]>([
    ['no output', [], 2, /required option '-o, --output <file>'/],
    ['another format', ['-o', 'x.stl'], 1, /the extension \.stl of .*x\.stl is not supported; use \.glb, \.ply, \.obj/],
    ['a folder that is a file', ['-o', 'short.txt/x.glb'], 1, /expected .*short\.txt to have a folder, got a file/],
    ['no such latent', ['-o', 'x.glb', '--latent', 'none.json'], 1, /none\.json to have a readable file, got no such file or folder/],
    ['a latent of another length', ['-o', 'x.glb', '--latent', 'short.txt'], 1, /short\.txt: expected the latent at number 4 to have 128 numbers, as the decoder takes, got 3; give one face of this decoder/],
    ['NaN', ['-o', 'x.glb', '--latent', 'nan.txt'], 1, /number 7 to have a finite number, got NaN/],
    ['a decoder that is missing', ['-o', 'x.glb', '--decoder', 'none.safetensors'], 1, /none\.safetensors to have a readable file.*--decoder/],
    ['a decoder that is none', ['-o', 'x.glb', '--decoder', 'short.txt'], 1, /short\.txt: expected .*give a face model that `retinamesh decoder train` wrote/],
    ['a decoder of another version', ['-o', 'x.glb', '--decoder', 'v2.safetensors'], 1, /v2\.safetensors: expected the metadata field version .* got 2; give a face model/],
    ['a decoder whose topology does not fit', ['-o', 'x.glb', '--decoder', 'cut.safetensors'], 1, /tensor topology\.region .* to have shape \[642\], got \[641\]/],
    ['an empty decoder', ['-o', 'x.glb', '--decoder', 'empty.safetensors'], 1, /empty\.safetensors: expected/],
  ])('refuses %s on one line and writes nothing', async (_, args, exit, message) => {
    writeFileSync(at('short.txt'), '1 2 3');
    writeFileSync(at('nan.txt'), Array.from({ length: 128 }, (__, i) => (i === 6 ? 'NaN' : '0')).join(' '));
    writeFileSync(at('empty.safetensors'), '');
    const { tensors, metadata } = readSafetensors(readFileSync(at('egg.safetensors')));
    writeFileSync(at('v2.safetensors'), writeSafetensors(tensors, { ...metadata, version: '2' }));
    writeFileSync(at('cut.safetensors'), writeSafetensors({ ...tensors, 'topology.region': { dtype: 'U8', shape: [641], data: new Uint8Array(641) } }, metadata));
    const before = readdirSync(root), { code, out, err } = await decode(...args.map((arg) => (/^-|^x\.stl$/.test(arg) ? arg : at(arg))));
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: exit, out: '' });
    expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
    expect(readdirSync(root)).toEqual(before);
  });
});

const NO_MODEL = existsSync(SHIPPED_MODEL) ? '' : ` [skipped: no ${SHIPPED_MODEL}]`;

it.skipIf(NO_MODEL)(`decodes the mean face of the shipped model, not beyond 300 mm from the origin${NO_MODEL}`, async () => {
  expect((await runHere('decode', '-o', at('shipped.ply'))).code).toBe(0);
  const { vertices } = await readMeshFile(at('shipped.ply'));
  expect(vertices.length / 3).toBeGreaterThan(4000);
  for (const x of vertices) if (Math.abs(x) > 300) throw new Error(`a coordinate of ${x} mm`);
});

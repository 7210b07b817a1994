import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hierarchyFromTensors } from '../../src/io/hierarchy-tensors.ts';
import { readMeshFile } from '../../src/io/node-mesh.ts';
import { writeObj } from '../../src/io/obj.ts';
import { readSafetensors } from '../../src/io/safetensors.ts';
import type { LevelError } from '../../src/mesh/hierarchy-errors.ts';
import { buildHierarchy } from '../../src/mesh/hierarchy.ts';
import { runHere } from '../support/command-line.ts';
import { icosphere, sheet } from '../support/meshes.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-hierarchy-')), at = (name: string): string => join(root, name);
afterAll(() => rmSync(root, { recursive: true }));
const sphere = icosphere(3);
writeFileSync(at('sphere.obj'), writeObj(sphere));

interface Report {
  readonly diagonal: number;
  readonly levels: readonly LevelError[];
  readonly seconds: number;
  readonly files: readonly string[];
}

async function build(...args: string[]): Promise<Report> {
  const { code, out, err } = await runHere('hierarchy', 'build', ...args, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Report;
}

describe('hierarchy build', () => {
  it('writes a hierarchy that loads to the bit, and a mesh per level', async () => {
    const report = await build(at('sphere.obj'), '-o', at('s.safetensors'), '--levels', '2', '--factor', '4,3', '--meshes', at('levels/level-#.glb'));
    expect(report.levels.map(({ vertices }) => vertices)).toEqual([642, 161, 54]);
    expect(report.files).toEqual([at('levels/level-0.glb'), at('levels/level-1.glb'), at('levels/level-2.glb'), at('s.safetensors')]);
    const { tensors, metadata } = readSafetensors(readFileSync(at('s.safetensors')));
    expect(metadata).toMatchObject({ format: 'retinamesh-hierarchy', version: '1', source: 'sphere.obj' });
    expect(hierarchyFromTensors(tensors)).toEqual(buildHierarchy(await readMeshFile(at('sphere.obj')), { levels: 2, factor: [4, 3] }));
    expect((await readMeshFile(at('levels/level-2.glb'))).vertices.length / 3).toBe(54);
  });

  it('prints a table with errors in mesh units and shares of the diagonal', async () => {
    const { code, out } = await runHere('hierarchy', 'build', at('sphere.obj'), '--levels', '1', '--no-reorder', '--up-sampling', 'nearest');
    expect(code).toBe(0);
    expect(out).toMatch(/level +vertices +faces +mean error +largest\n +0 +642 +1280 +- +-\n +1 +161 +318 +0\.\d+ \(0\.\d{3} %\) +0\.\d+ \(\d\.\d{3} %\)\nbuilt in/);
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    [['missing.obj'], 1, /missing\.obj.*no such file or folder/],
    [['sphere.stl'], 1, /the extension \.stl .*; use \.obj, \.ply or \.glb/],
    [['points.obj'], 1, /points\.obj: expected the mesh at its end to have at least one face, got none/],
    [['cut.ply'], 1, /cut\.ply: expected .* at (line|byte) \d+/],
    [['sphere.obj', '--levels', '-1'], 2, /whole number between 0 and 32/],
    [['sphere.obj', '--factor', '0.5'], 2, /at least 1/],
    [['sphere.obj', '--factor', '4,4'], 1, /expected factor to have a number of at least 1, or 4 of them/],
    [['sphere.obj', '--up-sampling', 'far'], 2, /connected, nearest/],
    [['sphere.obj', '--meshes', 'level.glb'], 1, /one # for the number of the level/],
    [['sphere.obj', '--meshes', 'level-#.gltf'], 1, /the extension \.gltf .* use \.obj, \.ply, \.glb/],
    [['sphere.obj', '-o', 'sphere.obj/deep/x.safetensors'], 1, /sphere\.obj to have a folder, got a file/],
    [['sphere.obj', '-o', '/tmp'], 1, /the extension \(none\) of \/tmp/],
    [[], 2, /missing required argument 'mesh'/],
  ])('refuses %j on one line and writes nothing', async (args, exit, message) => {
    writeFileSync(at('points.obj'), 'v 0 0 0\nv 1 0 0\n');
    writeFileSync(at('cut.ply'), 'ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\n');
    writeFileSync(at('sphere.stl'), '');
    const before = readdirSync(root), { code, out, err } = await runHere('hierarchy', 'build', ...args.map((arg) => (/^(missing|sphere|points|cut)\./.test(arg) ? at(arg) : arg)));
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: exit, out: '' });
    expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
    expect(readdirSync(root)).toEqual(before);
  });

  it('takes 10,242 vertices; the time is printed, not asserted', async () => {
    mkdirSync(at('big'), { recursive: true });
    writeFileSync(at('big/sphere.obj'), writeObj(icosphere(5)));
    writeFileSync(at('big/sheet.obj'), writeObj(sheet(100, 100, (x, y) => Math.sin(x / 9) * Math.cos(y / 7))));
    for (const name of ['big/sphere.obj', 'big/sheet.obj']) {
      const { levels, seconds } = await build(at(name));
      console.log(`${name}: ${levels.map(({ vertices }) => vertices).join(' ')} in ${seconds.toFixed(2)} s`);
      expect(levels).toHaveLength(5);
    }
  });
});

const SHARED = '../shared/data/meshes', ABSENT = existsSync(SHARED) ? '' : ` [skipped: no ${SHARED}]`;

describe.skipIf(ABSENT)(`hierarchy build on every mesh of ${SHARED}${ABSENT}`, () => {
  it.each([
    ['mediapipe/canonical_face_model.obj', 468], ['mediapipe/face_model_with_iris.obj', 478], ['leeperrysmith/LeePerrySmith.glb', 8839],
    ['makehuman/base.obj', 19158], ['ict/generic_neutral_mesh.obj', 26719],
  ])('%s', async (name, count) => {
    const { levels, diagonal, seconds } = await build(join(SHARED, name), '-o', at('shared.safetensors'), '--levels', '3');
    console.log(`${name}: ${levels.map(({ vertices }) => vertices).join(' ')} vertices in ${seconds.toFixed(2)} s; mean error ${levels.slice(1).map(({ mean }) => `${((100 * mean) / diagonal).toFixed(3)} %`).join(', ')} of the diagonal`);
    expect(levels.map(({ vertices }) => vertices)).toEqual([count, Math.ceil(count / 4), Math.ceil(Math.ceil(count / 4) / 4), Math.ceil(Math.ceil(Math.ceil(count / 4) / 4) / 4)]);
    expect(levels[1]!.mean / diagonal).toBeLessThan(0.003);
    expect(hierarchyFromTensors(readSafetensors(readFileSync(at('shared.safetensors'))).tensors).levels).toHaveLength(4);
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { readImageFile } from '../../src/io/node-image.ts';
import { readMeshFile } from '../../src/io/node-mesh.ts';
import { runHere } from '../support/command-line.ts';

const FOLDER = '../shared/data/meshes/makehuman', ABSENT = existsSync(FOLDER) ? '' : ` [skipped: no ${FOLDER}]`;
const root = mkdtempSync(join(tmpdir(), 'retinamesh-head-')), at = (name: string): string => join(root, name);
afterAll(() => rmSync(root, { recursive: true }));

describe('head sample', () => {
  it.skipIf(ABSENT)(`writes coloured heads and a sheet, the same for the same seed${ABSENT}`, async () => {
    for (const name of ['a', 'b']) {
      const { code, err, out } = await runHere('head', 'sample', '--count', '2', '--seed', '4', '--size', '48', '-o', at(name), '--json');
      expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('retinamesh:') }); // progress after two seconds
      expect(JSON.parse(out)).toMatchObject({ seed: 4, count: 2, skins: 'training', files: ['head-000.glb', 'head-001.glb', 'sheet.png'].map((file) => join(at(name), file)) });
    }
    const mesh = await readMeshFile(at('a/head-001.glb')), sheet = await readImageFile(at('a/sheet.png'));
    expect(mesh.vertices.length / 3).toBeGreaterThan(5000);
    expect(mesh.colors).toHaveLength(mesh.vertices.length);
    expect([sheet.width, sheet.height]).toEqual([4 * 48, 48]);
    for (const file of ['head-000.glb', 'head-001.glb', 'sheet.png']) expect(readFileSync(at(`a/${file}`)).equals(readFileSync(at(`b/${file}`)))).toBe(true);
  });

  it.skipIf(ABSENT)(`leaves nothing behind when interrupted${ABSENT}`, async () => {
    const running = runHere('head', 'sample', '--count', '1000', '--size', '32', '-o', at('c'));
    await vi.waitUntil(() => process.listenerCount('SIGINT') > 0);
    setTimeout(() => process.emit('SIGINT'), 2000);
    const { code, err } = await running;
    expect(code).toBe(1);
    expect(err).toContain('after Ctrl-C is not supported; nothing was written; start it again');
    expect(readdirSync(root)).not.toContain('c');
  });

  it.each([
    [['--makehuman', 'nowhere', '-o', 'x'], 1, /expected nowhere to have a MakeHuman folder with base\.obj, got none/],
    [['-o', 'x', '--count', '0'], 2, /whole number between 1 and 1000/],
    [['-o', 'x', '--source', 'ict'], 2, /--source ict needs --registration, the file that `retinamesh head register` writes/],
    [['-o', 'x', '--registration', 'y'], 2, /--registration says nothing to --source makehuman: leave one out/],
    [['-o', 'x', '--source', 'ict', '--registration', 'y', '--makehuman-scale', '1.1'], 2, /--makehuman-scale says nothing to --source ict: leave it out/],
    [['-o', 'x', '--source', 'mixture', '--registration', 'nowhere.safetensors'], 1, /nowhere\.safetensors.*; give --registration the file that `retinamesh head register` wrote/],
    [['-o', 'x', '--share', '2'], 2, /number between 0 and 1/],
    [[], 2, /required option '-o, --output <folder>'/],
  ])('refuses %j on one line and writes nothing', async (args, exit, message) => {
    const { code, out, err } = await runHere('head', 'sample', ...args.map((arg) => (arg === 'x' ? at('x') : arg)));
    expect(err).toMatch(message);
    expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
    expect({ code, out }).toEqual({ code: exit, out: '' });
    expect(readdirSync(root)).not.toContain('x');
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { readMeshFile, writeMeshFile } from '../../src/io/node-mesh.ts';
import { expectClose } from '../support/close.ts';
import { icosphere } from '../support/meshes.ts';

const LEE = '../shared/data/meshes/leeperrysmith/LeePerrySmith.glb';
let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'retinamesh-mesh-')); });
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('mesh files', () => {
  it.each([['a.obj', 1, 0], ['a.PLY', 1, 0.5 / 255], ['a.glb', 1000, 1 / 255]])('%s comes back by its extension', async (name, unit, tolerance) => {
    const sphere = icosphere(1), mesh = { ...sphere, colors: sphere.vertices.map((x) => (x + 1) / 2) }, path = join(folder, name);
    await writeMeshFile(path, mesh);
    const back = await readMeshFile(path);
    expectClose(back.vertices.map((x) => unit * x), mesh.vertices, { rtol: 0, atol: 1e-7 });
    expect(back.faces).toEqual(mesh.faces);
    expectClose(back.colors!, mesh.colors, { rtol: 0, atol: tolerance + 1e-9 });
  });

  it('name the file in every refusal, and write nothing then', async () => {
    await expect(readMeshFile(join(folder, 'none.obj'))).rejects.toThrow(/none\.obj to have a readable file, got no such file/);
    await expect(readMeshFile('a.stl')).rejects.toThrow('the extension .stl of a.stl is not supported; use .obj, .ply or .glb');
    await expect(readMeshFile('a.gltf')).rejects.toThrow(UnsupportedError);
    for (const kind of ['obj', 'ply', 'glb']) {
      const path = join(folder, `empty.${kind}`);
      await writeFile(path, '');
      await expect(readMeshFile(path)).rejects.toThrow(FormatError);
      await expect(readMeshFile(path)).rejects.toThrow(`empty.${kind}: expected`);
    }
    await expect(readMeshFile(join(folder, 'a.obj'), { maxBytes: 10 })).rejects.toThrow('at most 10 bytes');
    const before = await readdir(folder);
    await expect(writeMeshFile(join(folder, 'b.glb'), { vertices: Float64Array.of(0, 0, 0), faces: new Int32Array(0) })).rejects.toThrow(ArgumentError);
    await expect(writeMeshFile(join(folder, 'b'), icosphere(0))).rejects.toThrow('the extension (none)');
    await expect(writeMeshFile(join(folder, 'no', 'b.obj'), icosphere(0))).rejects.toThrow('a writable place');
    expect(await readdir(folder)).toEqual(before);
  });

  it.skipIf(!existsSync(LEE))('reads the real Draco head: 9,223 vertices, 8,839 once its seams are welded', async () => {
    const split = await readMeshFile(LEE, { weld: false }), welded = await readMeshFile(LEE);
    expect([split.vertices.length / 3, split.faces.length / 3]).toEqual([9223, 17684]);
    expect([welded.vertices.length / 3, welded.faces.length / 3]).toEqual([8839, 17678]);
    expect(Math.max(...welded.vertices)).toBeCloseTo(4.2764, 3);
  });
});

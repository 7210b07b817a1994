import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LineFollower } from '../../../src/viewer/server/line-follower-node.ts';
import { readInside } from '../../../src/viewer/server/open-inside-node.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-follow-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('LineFollower', () => {
  const follow = (name: string): { path: string; poll: () => Promise<unknown> } => {
    const follower = new LineFollower(root, name);
    return { path: join(root, name), poll: () => follower.poll() };
  };
  const fresh = (...lines: string[]) => ({ restarted: false, lines }), anew = (...lines: string[]) => ({ restarted: true, lines });

  it('waits for the file, gives each line once and half a line when it is whole', async () => {
    const { path, poll } = follow('a');
    expect(await poll()).toEqual(fresh());
    writeFileSync(path, 'one\ntwo\nth');
    expect(await poll()).toEqual(fresh('one', 'two'));
    expect(await poll()).toEqual(fresh());
    appendFileSync(path, 'ree');
    expect(await poll()).toEqual(fresh());
    appendFileSync(path, `\n\n${'é'.repeat(100_000)}\n`);
    expect(await poll()).toEqual(fresh('three', '', 'é'.repeat(100_000)));
  });

  it('keeps a letter whole whose bytes come apart', async () => {
    const { path, poll } = follow('letters');
    writeFileSync(path, Buffer.from([0xc3]));
    await poll();
    appendFileSync(path, Buffer.from([0xa9, 10]));
    expect(await poll()).toEqual(fresh('é'));
  });

  it('begins again when the file is cut, replaced, or both and longer than before', async () => {
    const { path, poll } = follow('b');
    writeFileSync(path, 'one\ntwo\nthree\n');
    await poll();
    truncateSync(path, 4);
    expect(await poll()).toEqual(anew('one'));
    writeFileSync(join(root, 'other'), 'uno\ndos\ntres\ncuatro\n');
    renameSync(join(root, 'other'), path);
    expect(await poll()).toEqual(anew('uno', 'dos', 'tres', 'cuatro'));
    appendFileSync(path, 'cinco\n');
    expect(await poll()).toEqual(fresh('cinco'));
    truncateSync(path, 0);
    expect(await poll()).toEqual(anew());
    expect(await poll()).toEqual(fresh());
    appendFileSync(path, 'a\n');
    expect(await poll()).toEqual(fresh('a'));
    rmSync(path);
    expect(await poll()).toEqual(anew());
    expect(await poll()).toEqual(fresh());
  });

  it('goes on with a copy of the file that was put in its place', async () => {
    const { path, poll } = follow('c');
    writeFileSync(path, 'one\n');
    await poll();
    writeFileSync(join(root, 'copy'), 'one\ntwo\n');
    renameSync(join(root, 'copy'), path);
    expect(await poll()).toEqual(fresh('two'));
  });

  it('leaves out what has no end of line for a megabyte', async () => {
    const { path, poll } = follow('d');
    writeFileSync(path, `one\n${'x'.repeat(3 << 20)}`);
    expect(await poll()).toEqual(fresh('one'));
    appendFileSync(path, 'x\ntwo\n');
    expect(await poll()).toEqual(fresh('two'));
  });
});

it('readInside reads what lies in a folder, and nothing that a link or a name leads out of it to', async () => {
  const folder = join(root, 'folder'), text = async (name: string): Promise<string | null> => {
    const bytes = await readInside(folder, name);
    return bytes && new TextDecoder().decode(bytes);
  };
  mkdirSync(join(folder, 'below'), { recursive: true });
  writeFileSync(join(root, 'secret'), 'secret');
  writeFileSync(join(folder, 'below/a'), 'a');
  symlinkSync('below/a', join(folder, 'inner'));
  symlinkSync('../secret', join(folder, 'outer'));
  symlinkSync(root, join(folder, 'up'));
  mkdirSync(join(root, 'folder-2'));
  writeFileSync(join(root, 'folder-2/secret'), 'secret');
  symlinkSync('../folder-2/secret', join(folder, 'neighbour'));
  expect([await text('below/a'), await text('inner')]).toEqual(['a', 'a']);
  for (const name of ['outer', 'up/secret', '../secret', 'below/../../secret', 'neighbour', '/etc/passwd', 'none', 'below', '.', '', 'a\0']) expect(await text(name), name).toBeNull();
  symlinkSync(folder, join(root, 'link'));
  expect(await readInside(join(root, 'link'), 'below/a')).toEqual(Uint8Array.of(97));
  expect(await readInside(folder, 'below/a', 0)).toBeNull();
});

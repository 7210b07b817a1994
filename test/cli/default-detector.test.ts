import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { installDefaultDetector, readDefaultDetector, readDetectorFile, sha256Of, userCacheFolder } from '../../src/cli/default-detector.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-cache-')), fresh = (): string => mkdtempSync(join(root, 'x-'));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

describe('userCacheFolder', () => {
  it.each<[string, Record<string, string>, string, string]>([
    ['Linux', {}, 'linux', '/home/a/.cache/retinamesh'],
    ['Linux with XDG_CACHE_HOME', { XDG_CACHE_HOME: '/var/c' }, 'linux', '/var/c/retinamesh'],
    ['Linux with a relative XDG_CACHE_HOME', { XDG_CACHE_HOME: 'c' }, 'linux', '/home/a/.cache/retinamesh'],
    ['macOS', { XDG_CACHE_HOME: '/var/c' }, 'darwin', '/home/a/Library/Caches/retinamesh'],
    ['Windows', { LOCALAPPDATA: '/L' }, 'win32', '/L/retinamesh'],
    ['Windows without LOCALAPPDATA', {}, 'win32', '/home/a/AppData/Local/retinamesh'],
    ['any, with RETINAMESH_CACHE', { RETINAMESH_CACHE: '/own', XDG_CACHE_HOME: '/var/c', LOCALAPPDATA: '/L' }, 'win32', '/own'],
  ])('knows the folder of %s', (_, env, platform, folder) => expect(userCacheFolder(env, platform, '/home/a')).toBe(folder));

  it('wants RETINAMESH_CACHE to be absolute', () => expect(() => userCacheFolder({ RETINAMESH_CACHE: 'x' })).toThrow(/RETINAMESH_CACHE: expected the folder to have an absolute path, got x/));
});

describe('the default detector', () => {
  const bytes = Uint8Array.of(1, 2, 3), sha256 = sha256Of(bytes);

  it('is none at first, then the last that was installed', async () => {
    const cache = join(fresh(), 'deep', 'er');
    expect(await readDefaultDetector(cache)).toBeNull();
    expect(await installDefaultDetector(Uint8Array.of(9), 'first.pth', cache)).toBe(join(cache, 'detectors', `${sha256Of(Uint8Array.of(9))}.safetensors`));
    await installDefaultDetector(bytes, 'second.pth', cache);
    expect(await readDefaultDetector(cache)).toEqual({ bytes, name: 'second.pth', sha256 });
    expect(readdirSync(cache).sort()).toEqual(['default-detector.json', 'detectors']);
    expect(sha256).toBe('039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81');
  });

  it.each<[string, (cache: string) => void, RegExp]>([
    ['content that changed', (cache) => writeFileSync(join(cache, 'detectors', `${sha256}.safetensors`), 'x'), /expected the file at byte 0 to have SHA-256 039058c6.*; run `retinamesh import weights\.pth` again$/],
    ['content that is gone', (cache) => rmSync(join(cache, 'detectors'), { recursive: true }), /no such file or folder; run `retinamesh import weights\.pth` again/],
    ['a pointer that is no JSON', (cache) => writeFileSync(join(cache, 'default-detector.json'), '{'), /an object \{ version: 1, sha256, name \}, got "\{"; run/],
    ['a pointer of another version', (cache) => writeFileSync(join(cache, 'default-detector.json'), JSON.stringify({ version: 2, sha256, name: 'x' })), /an object \{ version: 1/],
    ['a pointer out of the folder', (cache) => writeFileSync(join(cache, 'default-detector.json'), JSON.stringify({ version: 1, sha256: '../../x', name: 'x' })), /an object \{ version: 1/],
  ])('refuses %s', async (_, spoil, message) => {
    const cache = fresh();
    await installDefaultDetector(bytes, 'w.pth', cache);
    spoil(cache);
    await expect(readDefaultDetector(cache)).rejects.toThrow(message);
  });

  it('says which ways lead on where its folder cannot be made', async () => {
    const file = join(fresh(), 'file');
    writeFileSync(file, 'x');
    await expect(installDefaultDetector(bytes, 'w.pth', join(file, 'cache'))).rejects.toThrow(/^import: expected \S+ to have a folder, got a file; RETINAMESH_CACHE names another folder, --no-default needs none$/);
    // Node's recursive mkdir would try for ever there.
    if (existsSync('/proc')) await expect(installDefaultDetector(bytes, 'w.pth', '/proc/cache')).rejects.toThrow(/^import: expected \/proc to have a folder that can be written to, got [^;]*; RETINAMESH_CACHE names another folder/);
  });

  it('takes away what a killed process left an hour ago, and nothing else', async () => {
    const cache = fresh(), folder = join(cache, 'detectors');
    mkdirSync(folder);
    for (const name of ['old.1.0.tmp', 'new.2.0.tmp', 'old.safetensors']) writeFileSync(join(folder, name), 'x');
    for (const name of ['old.1.0.tmp', 'old.safetensors']) utimesSync(join(folder, name), 1, 1);
    await installDefaultDetector(bytes, 'w.pth', cache);
    expect(readdirSync(folder).sort()).toEqual([`${sha256}.safetensors`, 'new.2.0.tmp', 'old.safetensors']);
  });
});

describe('readDetectorFile', () => {
  const weights = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d);

  it('reads --weights, or the default', async () => {
    const cache = fresh(), path = join(cache, 'w.safetensors');
    vi.stubEnv('RETINAMESH_CACHE', cache);
    writeFileSync(path, weights);
    expect(await readDetectorFile('detect', path)).toEqual({ bytes: weights, name: 'w.safetensors', sha256: sha256Of(weights) });
    await installDefaultDetector(weights, 'd.pth');
    expect(await readDetectorFile('detect', undefined)).toMatchObject({ name: 'd.pth', bytes: weights });
  });

  it('names every way on where there is none', async () => {
    vi.stubEnv('RETINAMESH_CACHE', fresh());
    await expect(readDetectorFile('detect', undefined)).rejects.toThrow(/detect: finding faces without a detector is not supported; install one once with `retinamesh import weights\.pth`, name one with --weights file\.safetensors, or .* --box x1,y1,x2,y2/);
  });

  it('says what to give where there is nothing', async () => {
    await expect(readDetectorFile('detect', join(root, 'none'))).rejects.toThrow(/no such file or folder; give the weights of a detector as --weights/);
  });
});

const BUILT = existsSync('dist/cli/default-detector.js');
it.skipIf(!BUILT)(`killed at any moment leaves a whole detector${BUILT ? '' : ' [skipped: no dist; npm run build]'}`, async () => {
  const cache = fresh(), contents = [1, 2].map((value) => new Uint8Array(1 << 21).fill(value)), known = contents.map(sha256Of);
  await installDefaultDetector(contents[0]!, '1', cache);
  const script = `import { installDefaultDetector } from ${JSON.stringify(pathToFileURL('dist/cli/default-detector.js').href)};
    for (let i = 0; ; i++) { await installDefaultDetector(new Uint8Array(1 << 21).fill(1 + i % 2), String(1 + i % 2), ${JSON.stringify(cache)}); process.stdout.write('.'); }`;
  for (let kill = 0; kill < 8; kill++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    for (let i = 0; i < 1 + kill % 3; i++) await once(child.stdout, 'data');
    await new Promise((done) => setTimeout(done, 3 * kill));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { sha256, name } = (await readDefaultDetector(cache))!;
    expect(known[Number(name) - 1]).toBe(sha256);
    // Beside them may lie a file or an empty folder that a killed process had begun with.
    for (const file of readdirSync(join(cache, 'detectors'))) if (file.endsWith('.safetensors')) expect(`${sha256Of(readFileSync(join(cache, 'detectors', file)))}.safetensors`).toBe(file);
  }
}, 60_000);

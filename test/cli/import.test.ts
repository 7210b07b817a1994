import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readDefaultDetector, sha256Of } from '../../src/cli/default-detector.ts';
import { createRandom } from '../../src/core/random.ts';
import { DETECTOR_PRESETS } from '../../src/detector/config.ts';
import { detectorParameterShapes } from '../../src/detector/detector-graph.ts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../src/io/safetensors.ts';
import { runHere } from '../support/command-line.ts';
import { type Pickled, writePickle, writeTorchZip, writtenStorage, writtenTensor } from '../support/torch-writer.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-import-'));
let cache = '', folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'x-'));
  cache = join(folder, 'cache');
  vi.stubEnv('RETINAMESH_CACHE', cache);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(root, { recursive: true }));

const random = createRandom(1);
const state = Object.fromEntries([...detectorParameterShapes(DETECTOR_PRESETS['mobilenet0.25'])].map(([path, shape]): [string, SafeTensor] =>
  [path, { dtype: 'F32', shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform()) }]));

/** The tensors as a checkpoint that PyTorch might have written. */
function checkpoint(tensors: Readonly<Record<string, SafeTensor>>, prefix = 'module.'): Uint8Array {
  const named = Object.entries(tensors).map(([name, { shape, data }], i) => ({ name, shape, storage: writtenStorage(`${i}`, 'FloatStorage', data as Float32Array) }));
  const strides = (shape: readonly number[]): number[] => shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const dict = new Map(named.map(({ name, shape, storage }) => [prefix + name, writtenTensor(storage, shape, strides(shape))]));
  return writeTorchZip(writePickle(new Map<Pickled, Pickled>([['epoch', 250], ['state_dict', dict]])), named.map(({ storage }) => storage));
}

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const without = (...names: string[]): Record<string, SafeTensor> => Object.fromEntries(Object.entries(state).filter(([name]) => !names.includes(name)));

describe('import', () => {
  it('writes safetensors, installs them, and says what it did', async () => {
    const bytes = checkpoint({ ...state, extra: { dtype: 'F32', shape: [1], data: Float32Array.of(1) } }), input = file('w.pth', bytes), output = join(folder, 'w.safetensors');
    const { code, out, err } = await runHere('import', input, '-o', output, '--json');
    expect([code, err]).toEqual([0, '']);
    const written = new Uint8Array(readFileSync(output)), sha256 = sha256Of(written), installed = join(cache, 'detectors', `${sha256}.safetensors`);
    expect(JSON.parse(out)).toEqual({
      version: 1, source: { file: 'w.pth', sha256: sha256Of(bytes), format: 'pytorch', path: ['state_dict'] }, preset: 'mobilenet0.25', part: 'detector', tensors: 253, parameters: 253,
      prefix: 'module.', unused: ['extra'], missing: [], skipped: [{ name: 'epoch', what: '250' }], output, sha256, installed,
    });
    expect(sha256Of(writeSafetensors(state, { format: 'retinamesh-detector', version: '1', preset: 'mobilenet0.25', part: 'detector', source: 'w.pth', sourceSha256: sha256Of(bytes) }))).toBe(sha256);
    expect(await readDefaultDetector()).toMatchObject({ name: 'w.pth', sha256 });
    expect(readdirSync(folder).sort()).toEqual(['cache', 'w.pth', 'w.safetensors']);
  });

  it('says so in words, from safetensors too, and only installs without -o', async () => {
    const { code, out } = await runHere('import', file('w.safetensors', writeSafetensors(state)));
    expect(code).toBe(0);
    expect(out).toMatch(/^mobilenet0\.25, a whole detector: 253 tensors, 253 of them parameters and running statistics\ndefault detector of this user: .*\.safetensors\n$/);
    expect((await readDefaultDetector())?.name).toBe('w.safetensors');
  });

  it('lets no control characters of the file reach the terminal', async () => {
    const x: SafeTensor = { dtype: 'F32', shape: [1], data: Float32Array.of(1) }, { out } = await runHere('import', file('w.pth', checkpoint({ ...state, 'a\x1b[2J\n': x }, '')));
    expect(out).toContain('unused: "a\\u001b[2J\\n"\n');
    expect((await runHere('import', file('v.pth', checkpoint({ 'a\x1b\n': x })))).err).toMatch(/^retinamesh: [ -~]*\("a\\u001b\\n", \.\.\.\)[ -~]*\n$/);
  });

  it('installs nothing with --no-default, and asks for -o then', async () => {
    const input = file('w.pth', checkpoint(state)), { code, out } = await runHere('import', input, '-o', join(folder, 'o.safetensors'), '--no-default');
    expect(code).toBe(0);
    expect(out).toMatch(/under state_dict, the prefix module\. taken off\nno tensors: epoch \(250\)\nwrote .*o\.safetensors, SHA-256 [0-9a-f]{64}\nnot installed: --no-default\n$/);
    expect(existsSync(cache)).toBe(false);
    expect(await runHere('import', input, '--no-default')).toMatchObject({ code: 2, err: expect.stringMatching(/with --no-default there is nothing to do without -o file\.safetensors/) });
  });

  it('keeps a backbone, which is no default', async () => {
    const body = Object.fromEntries(Object.entries(state).filter(([path]) => path.startsWith('body.')).map(([path, tensor]) => [path.slice(5), tensor])), input = file('b.pth', checkpoint(body)), output = join(folder, 'b.safetensors');
    const { out } = await runHere('import', input, '-o', output, '--json');
    expect(JSON.parse(out)).toMatchObject({ preset: 'mobilenet0.25', part: 'backbone', parameters: 135, missing: [], installed: null });
    expect(Object.keys(readSafetensors(readFileSync(output)).tensors).every((path) => path.startsWith('body.'))).toBe(true);
    expect(await runHere('import', input)).toMatchObject({ code: 1, err: expect.stringMatching(/a whole detector to install; -o file\.safetensors keeps a backbone, got the backbone of mobilenet0\.25 alone/) });
    expect(existsSync(cache)).toBe(false);
  });

  it('lists what is missing, exits with 1 and writes nothing', async () => {
    const input = file('w.pth', checkpoint(without('ClassHead.1.conv1x1.bias', 'fpn.merge1.0.weight'))), output = join(folder, 'o.safetensors');
    const { code, out } = await runHere('import', input, '-o', output);
    expect(code).toBe(1);
    expect(out).toMatch(/mobilenet0\.25, not all of it: 251 tensors.*\nmissing: fpn\.merge1\.0\.weight, ClassHead\.1\.conv1x1\.bias\n.*\nnothing was written: parameters are missing\n$/);
    expect(JSON.parse((await runHere('import', input, '-o', output, '--json')).out)).toMatchObject({ part: null, missing: ['fpn.merge1.0.weight', 'ClassHead.1.conv1x1.bias'], output: null, installed: null });
    expect(readdirSync(folder)).toEqual(['w.pth']);
    expect((await runHere('import', file('v.pth', checkpoint(without(...Object.keys(state).slice(0, 30)))))).out).toMatch(/and 10 more \(--json lists all\)/);
  });

  it.each<[string, () => string[], RegExp]>([
    ['a file that is not there', () => [join(folder, 'none.pth')], /no such file or folder; give weights as \.pth, \.pt or \.safetensors/],
    ['something else', () => [file('x.pth', new TextEncoder().encode('hello world'))], /the beginning of a file of torch\.save, in the zip format or the one before, got bytes/],
    ['a pickle that calls the shell', () => [file('x.pth', writeTorchZip(writePickle({ call: 'os.system', args: ['touch was-run'] }), []))], /x\.pth: the global os\.system at byte \d+ is not supported; nothing of the file was run/],
    ['damaged safetensors', () => [file('x.safetensors', writeSafetensors(state).subarray(0, 1000))], /x\.safetensors: expected the header size at byte 0/],
    ['a wrong shape', () => [file('x.pth', checkpoint({ ...state, 'ClassHead.0.conv1x1.bias': { dtype: 'F32', shape: [5], data: new Float32Array(5) } }))], /x\.pth: expected ClassHead\.0\.conv1x1\.bias to have shape \[4\], as mobilenet0\.25 wants it, got \[5\]/],
    ['another network', () => [file('x.pth', checkpoint({ 'encoder.weight': { dtype: 'F32', shape: [1], data: Float32Array.of(1) } }))], /tensors are of none of mobilenet0\.25/],
    ['another preset', () => [file('x.pth', checkpoint(state)), '--preset', 'resnet50'], /expected body\.\S+ to have shape \[[\d,]+\], as resnet50 wants it|expected fpn\.output1\.0\.weight to have shape \[256,512,1,1\], as resnet50 wants it, got \[64,64,1,1\]/],
    ['an output of another kind', () => [file('x.pth', checkpoint(state)), '-o', join(folder, 'o.bin')], /the extension \.bin .* use \.safetensors/],
    ['an output below a file', () => [file('x.pth', checkpoint(state)), '-o', join(folder, 'x.pth', 'o.safetensors')], /x\.pth to have a folder, got a file/],
  ])('refuses %s in one line and leaves nothing', async (_, args, message) => {
    const given = args(), { code, out, err } = await runHere('import', ...given);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(given.map((path) => basename(path)).filter((name) => existsSync(join(folder, name))));
  });

  it('refuses a preset that does not exist', async () => {
    expect(await runHere('import', 'x.pth', '--preset', 'yolo')).toMatchObject({ code: 2, err: expect.stringMatching(/Allowed choices are auto, mobilenet0\.25/) });
  });
});

describe.each([
  ['retinaface_mobilenet0.25.pth', 'detector', 300, []],
  ['retinaface_mobilenet0.25_zip.pth', 'detector', 300, []],
  ['mobilenetv1_0.25_imagenet.pth', 'backbone', 162, ['fc.weight', 'fc.bias']],
] as const)('import of %s (skipped where ../shared/data/weights is absent)', (name, part, tensors, unused) => {
  const path = `../shared/data/weights/${name}`;
  it.skipIf(!existsSync(path))('takes it for what it is', async () => {
    const { out } = await runHere('import', path, '-o', join(folder, 'o.safetensors'), '--json');
    expect(JSON.parse(out)).toMatchObject({ preset: 'mobilenet0.25', part, tensors, unused, missing: [], source: { file: name } });
    expect((await readDefaultDetector())?.name).toBe(part === 'detector' ? name : undefined);
  });
});

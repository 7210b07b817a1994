import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadDetector } from '../../src/cli/load-detector.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { useCpuBackend } from '../../src/kernels/cpu/index.ts';
import { runHere } from '../support/command-line.ts';
import { NO_PUBLISHED_WEIGHTS, PUBLISHED_WEIGHTS, writeDetectorFile } from '../support/detector-file.ts';
import { writePickle, writeTorchZip, writtenStorage, writtenTensor } from '../support/torch-writer.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-load-')), at = (name: string): string => join(root, name);
beforeAll(async () => {
  await useCpuBackend();
  writeDetectorFile(at('w.safetensors'));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(root, { recursive: true }));

/** As a PyTorch file, with the prefix of data parallelism, without the tensors named. */
function asPth(...left: readonly string[]): string {
  const named = Object.entries(readSafetensors(readFileSync(at('w.safetensors'))).tensors).filter(([name]) => !left.includes(name)).map(([name, { shape, data }], i) => ({ name, shape, storage: writtenStorage(`${i}`, 'FloatStorage', data as Float32Array) }));
  const dict = new Map(named.map(({ name, shape, storage }) => [`module.${name}`, writtenTensor(storage, shape, shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1)))]));
  writeFileSync(at('w.pth'), writeTorchZip(writePickle(dict), named.map(({ storage }) => storage)));
  return at('w.pth');
}

describe('loadDetector', () => {
  it('loads safetensors, PyTorch files, and what import installed', async () => {
    vi.stubEnv('RETINAMESH_CACHE', at('cache'));
    const file = asPth();
    expect((await runHere('import', file)).code).toBe(0);
    for (const [weights, name] of [[at('w.safetensors'), 'w.safetensors'], [file, 'w.pth'], [undefined, 'w.pth']] as const) {
      const loaded = await loadDetector('detect', weights);
      expect(loaded).toMatchObject({ name, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(loaded.detector.config.backbone).toBe('mobilenet0.25');
      loaded.detector.dispose();
    }
  });

  it('says which ways lead on where there is no detector, in one line of the command too', async () => {
    vi.stubEnv('RETINAMESH_CACHE', at('none'));
    await expect(loadDetector('detect', undefined)).rejects.toThrow(/detect: finding faces without a detector is not supported; install one once with `retinamesh import/);
    writeFileSync(at('photo.png'), '');
    expect(await runHere('detect', at('photo.png'), '--backend', 'cpu', '-o', at('out'))).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^retinamesh: detect: finding faces without a detector.*retinamesh import.*--weights.*--box[^\n]*\n$/) });
  });

  it('refuses a part of a detector, and files of other tensors', async () => {
    const { tensors } = readSafetensors(readFileSync(at('w.safetensors'))), body = Object.keys(tensors).filter((name) => !name.startsWith('body.'));
    await expect(loadDetector('detect', asPth('ClassHead.0.conv1x1.bias', 'ClassHead.1.conv1x1.bias'))).rejects.toThrow(/w\.pth to have all parameters of mobilenet0\.25, got none called ClassHead\.0\.conv1x1\.bias, nor 1 others; give the weights of a detector as --weights/);
    await expect(loadDetector('detect', asPth(...body))).rejects.toThrow(/all parameters of mobilenet0\.25, got its backbone alone/);
    writeFileSync(at('other.safetensors'), writeSafetensors({ x: { dtype: 'F32', shape: [1], data: Float32Array.of(1) } }));
    await expect(loadDetector('detect', at('other.safetensors'))).rejects.toThrow(/other\.safetensors: a file whose tensors are of none of mobilenet0\.25.*; give the weights of a detector as --weights/);
    writeFileSync(at('body.safetensors'), writeSafetensors(Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith('body.')))));
    await expect(loadDetector('detect', at('body.safetensors'))).rejects.toThrow(/detect: expected \S+body\.safetensors to have all parameters of mobilenet0\.25, got its backbone alone; give/);
    await expect(loadDetector('detect', at('absent.pth'))).rejects.toThrow(/no such file or folder; give the weights/);
  });

  it.skipIf(NO_PUBLISHED_WEIGHTS)(`loads the published weights as they are published${NO_PUBLISHED_WEIGHTS}`, async () => {
    const { detector, name } = await loadDetector('detect', PUBLISHED_WEIGHTS);
    expect([name, detector.config.backbone]).toEqual(['retinaface_mobilenet0.25.pth', 'mobilenet0.25']);
    detector.dispose();
  });
});

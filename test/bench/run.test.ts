import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const BUILT = existsSync('dist/cli/main.js'), bench = (...args: string[]): string[] => ['test/bench/run.mjs', ...args];

describe.skipIf(!BUILT)(`npm run bench${BUILT ? '' : ' [skipped: no dist; npm run build]'}`, () => {
  it("prints JSON lines with the peers' fields, and leaves no tensor behind", () => {
    const env = { ...process.env, RETINAMESH_PEERS_PYTHON: '' };
    const { stdout, stderr, status } = spawnSync(process.execPath, bench('decode', '--json', '--seconds', '0.05'), { encoding: 'utf8', env });
    expect(status).toBe(0);
    const records = stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ work }) => work)).toEqual(['forward B=1', 'forward B=16', 'forward+backward B=1']);
    for (const record of records) {
      expect(Object.keys(record).slice(0, 7)).toEqual(['item', 'name', 'work', 'cores', 'ms_min', 'ms_median', 'n']);
      expect(record.ms_min).toBeGreaterThan(0);
      expect(record.ms_median).toBeGreaterThanOrEqual(record.ms_min as number);
    }
    expect(stderr).toContain('decode: 0 tensors left by the repeated steps');
    expect(stderr).toContain('peers absent (decode_torch, decode_native, decode_np)');
    const difference = /largest difference to the peers' output on their weights: (\S+)/.exec(stderr);
    if (existsSync('../shared/peers')) expect(Number(difference![1])).toBeLessThan(2e-5);
  });

  it('splits a step of the fit by stage and finds nothing left behind by more of them', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, bench('fit', '--json', '--seconds', '0.05'), { encoding: 'utf8' });
    expect(status).toBe(0);
    const [step, ...stages] = stdout.trim().split('\n').map((line) => JSON.parse(line) as { item: string; name: string; share: number });
    expect(step!.item).toBe('fit');
    expect(stages.map(({ name }) => name)).toEqual(expect.arrayContaining(['decode', 'rasterize', 'shade', 'normals', 'project']));
    expect(stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 2);
    const [, before, after] = /tensors (\d+) -> (\d+)/.exec(stderr)!;
    expect(after).toBe(before);
  });

  it('times the detector as its peers do, and splits a photo by stage', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, bench('detector', '--json', '--seconds', '0.02'), { encoding: 'utf8', env: { ...process.env, RETINAMESH_ONNXRUNTIME: '' } });
    expect(status).toBe(0);
    const records = stdout.trim().split('\n').map((line) => JSON.parse(line) as { item: string; name: string; work: string; share?: number });
    expect(records.filter(({ item }) => item === 'detector').map(({ work }) => work)).toEqual(['forward 640x480', 'forward 640x640']);
    const stages = records.filter(({ item, work }) => item === 'detect stage' && work.startsWith('640x480'));
    expect(stages.map(({ name }) => name).sort()).toEqual(['backbone', 'context', 'heads', 'image decoding', 'pixels in, answers out, post-processing', 'pyramid']);
    expect(stages.reduce((sum, { share }) => sum + share!, 0)).toBeCloseTo(1, 2);
    expect(stderr).toContain('detector: 0 tensors left by the repeated passes');
    expect(stderr).toContain('peers absent (onnxruntime-node, onnxruntime-web): give --onnxruntime');
  });

  it('calls another item misuse', () => {
    expect(() => execFileSync(process.execPath, bench('decode', 'nonsense'), { stdio: 'pipe' })).toThrow(/there is no benchmark nonsense/);
  });
});

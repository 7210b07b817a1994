import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readSafetensors } from '../../src/io/safetensors.ts';
import { runHere } from '../support/command-line.ts';

const MAKEHUMAN = '../shared/data/meshes/makehuman', folder = mkdtempSync(join(tmpdir(), 'retinamesh-decoder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(!existsSync(MAKEHUMAN))('trains, goes on, refuses other options, evaluates (skipped where ../shared/data/meshes/makehuman is absent)', async () => {
  const config = join(folder, 'small.json'), run = join(folder, 'run');
  writeFileSync(config, JSON.stringify({ decoder: { latentSize: 8, filters: [4, 4, 4, 4], order: 2, linearShapeLevel: 2, linearColorLevel: 2, linearShapeRank: null, linearColorRank: 4, linearNeighbours: 4, extension: 4 }, samples: 20, extensionHeads: 40, extensionSteps: 4, batch: 2, checkpointEvery: 1 }));
  const train = ['decoder', 'train', '--makehuman', MAKEHUMAN, '--config', config, '-o', run, '--json'];
  const first = await runHere(...train, '--steps', '2');
  expect(first.err).not.toContain('retinamesh:');
  const record = JSON.parse(first.out) as { file: string; parameters: number; vertices: number };
  const { metadata } = readSafetensors(readFileSync(record.file));
  expect(metadata.latent).toMatch(/whitened/);
  expect(metadata.attribution).toContain('MakeHuman');
  expect(JSON.parse(metadata.training!)).toMatchObject({ steps: 2, samples: 20, seed: 1 });
  expect(readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);

  const bytes = readFileSync(record.file), again = await runHere(...train, '--steps', '2');
  expect(again.err).toContain('going on with the run');
  expect(readFileSync(record.file).equals(bytes)).toBe(true);
  expect((await runHere(...train, '--steps', '3')).err).toMatch(/the same options as now \("steps": 3,\)/);

  const evaluated = await runHere('decoder', 'evaluate', '--makehuman', MAKEHUMAN, '--decoder', record.file, '--heads', '2', '--json');
  const report = JSON.parse(evaluated.out) as { parameters: number; sets: Record<string, Record<string, { error: { mean: number }; equivalentRank: number }>> };
  expect(report.parameters).toBe(record.parameters);
  expect(Object.keys(report.sets)).toEqual(['unseen combinations', 'held-out skins']);
  for (const parts of Object.values(report.sets)) for (const { error, equivalentRank } of Object.values(parts)) expect(error.mean * equivalentRank).toBeGreaterThan(0);
});

it('refuses a folder that is no MakeHuman and a config that is none', async () => {
  expect((await runHere('decoder', 'train', '--makehuman', folder, '-o', join(folder, 'x'))).err).toMatch(/a MakeHuman folder with base\.obj/);
  const config = join(folder, 'bad.json');
  writeFileSync(config, '[1');
  expect((await runHere('decoder', 'train', '--config', config, '-o', join(folder, 'x'))).err).toContain('a JSON object with options');
  writeFileSync(config, '{"stepz": 3}');
  expect((await runHere('decoder', 'train', '--config', config, '-o', join(folder, 'x'))).err).toContain('only the keys decoder, seed');
});

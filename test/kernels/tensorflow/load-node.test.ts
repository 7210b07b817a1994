import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { defaultTensorflowHome, tensorflowHome } from '../../../src/kernels/tensorflow/home-node.ts';
import { useTensorflowBackend } from '../../../src/kernels/tensorflow/index.ts';
import { runHere } from '../../support/command-line.ts';

const home = mkdtempSync(join(tmpdir(), 'retinamesh-home-'));
afterAll(() => rmSync(home, { recursive: true }));

it('looks in the folder that the environment names, or in the cache of the user', () => {
  expect(defaultTensorflowHome({ RETINAMESH_TENSORFLOW_HOME: '/a' })).toBe('/a');
  expect(defaultTensorflowHome({ XDG_CACHE_HOME: '/b' })).toBe('/b/retinamesh/tensorflow');
  expect(defaultTensorflowHome({})).toMatch(/\/\.cache\/retinamesh\/tensorflow$/);
});

it('says how to set it up, as does the doctor, which is well without it', async () => {
  await expect(useTensorflowBackend({ home })).rejects.toThrow(`useTensorflowBackend: TensorFlow, which is not set up in ${home}, is not supported; npx retinamesh setup tensorflow, or choose another backend`);
  const before = process.env.RETINAMESH_TENSORFLOW_HOME;
  process.env.RETINAMESH_TENSORFLOW_HOME = home;
  const { code, out } = await runHere('doctor');
  if (before === undefined) delete process.env.RETINAMESH_TENSORFLOW_HOME;
  else process.env.RETINAMESH_TENSORFLOW_HOME = before;
  expect(code).toBe(0);
  expect(out).toMatch(/\ntensorflow: does not run here: useTensorflowBackend: TensorFlow, which is not set up[^\n]*\ncpu: /);
  expect(out).toMatch(/\nauto is wasm\n/);
});

it('says what to do about an installation that does not load', async () => {
  const { libraries, packages, addons, addon, quiet, folder } = tensorflowHome(home, 'cpu');
  for (const path of [libraries, addons, join(packages, '@tensorflow', 'tfjs'), join(packages, '@tensorflow', 'tfjs-core')]) mkdirSync(path, { recursive: true });
  for (const name of ['tfjs', 'tfjs-core']) writeFileSync(join(packages, '@tensorflow', name, 'index.js'), 'module.exports = {};');
  for (const file of [addon, quiet]) writeFileSync(file, 'no library');
  await expect(useTensorflowBackend({ home })).rejects.toThrow(`useTensorflowBackend: the TensorFlow of ${folder} is not supported; remove that folder and set it up again (it says: `);
});

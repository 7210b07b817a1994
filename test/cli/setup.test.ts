import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TENSORFLOW_IS_SET_UP } from '../support/backends.ts';
import { runHere } from '../support/command-line.ts';
import { fakePath, WORKING_TOOLS } from '../support/fake-tools.ts';

const { PATH, RETINAMESH_TENSORFLOW_HOME } = process.env;
const LINUX = process.platform === 'linux' && process.arch === 'x64' ? '' : ' [skipped: Linux on x64 only]';
let home: string;

beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'retinamesh-home-')); });
afterEach(() => {
  process.env.PATH = PATH;
  if (RETINAMESH_TENSORFLOW_HOME === undefined) delete process.env.RETINAMESH_TENSORFLOW_HOME;
  else process.env.RETINAMESH_TENSORFLOW_HOME = RETINAMESH_TENSORFLOW_HOME;
  rmSync(home, { recursive: true });
});

describe('retinamesh setup tensorflow', () => {
  it('with --check only looks: exit 1, what is missing and how to make it', async () => {
    process.env.PATH = fakePath({});
    const { code, out, err } = await runHere('setup', 'tensorflow', '--check', '--home', join(home, 'none'));
    expect(code).toBe(1);
    expect(out).toMatch(/^TensorFlow is not set up: there is no \S+none\S+tensorflow; npx retinamesh setup tensorflow --home \S+none makes it\n$/);
    expect(err).toBe('');
    const { code: again, out: json } = await runHere('setup', 'tensorflow', '--gpu', '--check', '--json', '--home', home);
    expect(again).toBe(1);
    expect(JSON.parse(json)).toMatchObject({ works: false, missing: expect.arrayContaining([expect.stringMatching(/gpu-.*nvidia$/)]) });
  });

  it.skipIf(LINUX !== '')(`names a home in which nothing can be made, before any work${LINUX}`, async () => {
    process.env.PATH = fakePath(WORKING_TOOLS);
    const { code, err } = await runHere('setup', 'tensorflow', '--home', '/proc/here');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^retinamesh: --home: expected \/proc to have a folder that can be written to, got [^\n]*\n$/) });
  });

  it.skipIf(LINUX !== '')(`fails in one line where a tool is missing${LINUX}`, async () => {
    process.env.PATH = fakePath({ ...WORKING_TOOLS, python3: null });
    const { code, out, err } = await runHere('setup', 'tensorflow', '--home', home);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err.split('\n').slice(-2)).toEqual(['retinamesh: setup tensorflow: a machine without python3 is not supported; downloading tensorflow-cpu 2.21.0 needs it (apt-get install python3 python3-pip)', '']);
  });

  it.skipIf(LINUX !== '')(`does not call a broken addon a success${LINUX}`, async () => {
    process.env.PATH = fakePath(WORKING_TOOLS);
    const { code, err } = await runHere('setup', 'tensorflow', '--home', home);
    expect(code).toBe(1);
    expect(err).toMatch(/retinamesh: setup tensorflow: the addon in \S+, which does not load here, is not supported; remove that folder and run it again[^\n]*\n$/);
  });

  it.skipIf(!TENSORFLOW_IS_SET_UP)(`has done so here${TENSORFLOW_IS_SET_UP ? '' : ' [skipped: it has not]'}`, async () => {
    process.env.PATH = fakePath({});
    const { code, out } = await runHere('setup', 'tensorflow', '--check', '--json');
    expect(code).toBe(0);
    const record = JSON.parse(out) as { works: boolean; checks: { maxError: number }[] };
    expect(record.works).toBe(true);
    expect(record.checks.every(({ maxError }) => maxError < 1e-5)).toBe(true);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const BUILT = existsSync('dist/cli/main.js'), PYTHON = process.env.RETINAMESH_PEERS_PYTHON;
const pages = ['equations.md', 'benchmarks.md', 'evaluation.md', 'detector.md', 'viewer.md'].map((name) => ({ name, text: readFileSync(`docs/${name}`, 'utf8') }));
const blocks = (text: string, language: string): string[] => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, body]) => body!.trim());

const folder = mkdtempSync(join(tmpdir(), 'retinamesh-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('names only files that exist', () => {
  const named = readdirSync('docs').filter((page) => page.endsWith('.md')).flatMap((page) =>
    [...readFileSync(`docs/${page}`, 'utf8').matchAll(/`((?:src|test)\/[\w./-]+)`/g)].map(([, path]) => ({ page, path: path! })));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ path }) => !existsSync(path))).toEqual([]);
});

it('has every reference kernel in the table of equations', () => {
  const kernels = readdirSync('src/kernels/impl').filter((file) => !['index.ts', 'linear.ts', 'rows.ts', 'sparse-mat-mul.ts'].includes(file));
  expect(kernels.filter((file) => !pages[0]!.text.includes(`src/kernels/impl/${file}`))).toEqual([]);
});

describe.skipIf(!BUILT)(`commands of the docs${BUILT ? '' : ' [skipped: no dist; npm run build]'}`, () => {
  const commands = pages.flatMap(({ name, text }) => blocks(text, 'sh').flatMap((block) => block.split('\n')).map((line) => [name, line] as const));
  it.each(commands)('%s: %s', (_, line) => {
    const words = line.split(/\s+/), bench = line.startsWith('npm run -s bench -- ');
    expect(bench || words[0] === 'retinamesh', line).toBe(true);
    const args = bench ? [resolve('test/bench/run.mjs'), ...words.slice(5)] : [resolve('dist/cli/main.js'), ...words.slice(1)];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, RETINAMESH_PEERS_PYTHON: '' } });
    expect(status, stderr).toBe(0);
  });

  it('the example of the dense branch runs on the built package, in 30 lines, and its loss falls', () => {
    const [example] = blocks(readFileSync('docs/dense-branch.md', 'utf8'), 'js'), path = resolve(`dist/example-${process.pid}.mjs`);
    expect(example!.split('\n').length).toBeLessThanOrEqual(30);
    writeFileSync(path, example!); // within the package, where its name leads to itself
    try {
      const [first, last] = execFileSync(process.execPath, [path], { encoding: 'utf8' }).trim().split('\n').map((line) => Number(line.split(' ')[1])) as [number, number];
      expect(last).toBeLessThan(0.8 * first);
    } finally {
      rmSync(path);
    }
  });

  it('the example of the detector runs on the built package', () => {
    const [example] = blocks(readFileSync('docs/detector.md', 'utf8'), 'js'), path = resolve(`dist/example-detector-${process.pid}.mjs`);
    writeFileSync(path, example!);
    try {
      expect(execFileSync(process.execPath, [path], { encoding: 'utf8' })).toMatch(/^\d+ 3\n$/);
    } finally {
      rmSync(path);
    }
  });

  it('the training of the detector runs on the built package, its loss falls, and its file is one for --weights', () => {
    const [, example] = blocks(readFileSync('docs/detector.md', 'utf8'), 'js'), path = resolve(`dist/example-training-${process.pid}.mjs`);
    writeFileSync(path, example!);
    try {
      const losses = execFileSync(process.execPath, [path], { cwd: folder, encoding: 'utf8' }).trim().split('\n').map((line) => Number(line.split(' ')[1]));
      expect(losses.length).toBe(10);
      expect(losses.at(-1)!).toBeLessThan(0.9 * losses[0]!);
    } finally {
      rmSync(path);
    }
    const run = (...args: string[]) => spawnSync(process.execPath, [resolve('dist/cli/main.js'), ...args], { cwd: folder, encoding: 'utf8' });
    expect(run('detect', resolve('meshes/example.jpg'), '--weights', 'trained.safetensors', '--no-pictures')).toMatchObject({ status: 0, stderr: '' });
  });

  const PUBLISHED = '../shared/data/weights/retinaface_mobilenet0.25.pth', imports = blocks(readFileSync('docs/weights.md', 'utf8'), 'sh').flatMap((block) => block.split('\n'));
  it.skipIf(!existsSync(PUBLISHED)).each(imports)(`weights.md: %s${existsSync(PUBLISHED) ? '' : ' [skipped: no ../shared/data/weights]'}`, (line) => {
    copyFileSync(PUBLISHED, join(folder, 'mobilenet0.25_Final.pth'));
    const { status, stderr } = spawnSync(process.execPath, [resolve('dist/cli/main.js'), ...line.split(' ').slice(1)], { cwd: folder, encoding: 'utf8', env: { ...process.env, RETINAMESH_CACHE: join(folder, 'cache') } });
    expect(status, stderr).toBe(0);
  });

  it.skipIf(!existsSync(PUBLISHED))(`weights.md: its program finds a face with the published weights${existsSync(PUBLISHED) ? '' : ' [skipped: no ../shared/data/weights]'}`, () => {
    const [example] = blocks(readFileSync('docs/weights.md', 'utf8'), 'js'), path = resolve(`dist/example-weights-${process.pid}.mjs`);
    copyFileSync(PUBLISHED, join(folder, 'mobilenet0.25_Final.pth'));
    copyFileSync('../shared/data/photos/portrait.jpg', join(folder, 'photo.jpg'));
    writeFileSync(path, example!);
    try {
      expect(execFileSync(process.execPath, [path], { cwd: folder, encoding: 'utf8' })).toMatch(/^0\.99\d+ \[/);
    } finally {
      rmSync(path);
    }
  });

  it.skipIf(!PYTHON)(`the vectors agree with PyTorch${PYTHON ? '' : ' [skipped: RETINAMESH_PEERS_PYTHON names no Python with torch]'}`, () => {
    execFileSync(process.execPath, [resolve('dist/cli/main.js'), 'vectors', '-o', 'vectors'], { cwd: folder });
    writeFileSync(join(folder, 'check.py'), blocks(pages[0]!.text, 'python')[0]!);
    expect(execFileSync(PYTHON!, ['-W', 'ignore', 'check.py'], { cwd: folder, encoding: 'utf8' })).toMatch(/^largest difference \d\.\de-1\d\n$/);
  });
});

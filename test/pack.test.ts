import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>;
}

/** What the package is nothing without: made by long trainings, so not by a test. */
const ASSETS = ['meshes/head.safetensors', 'meshes/example.jpg', 'meshes/example.json'], LACKING = ASSETS.every((file) => existsSync(file)) ? '' : ` [skipped: not all of ${ASSETS.join(', ')}]`;

const { name, version, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as PackageJson;
const entries = Object.entries(exports).filter(([, target]) => typeof target !== 'string').map(([path]) => path.replace(/^\./, name));

/** A command in a folder; throws with all that it printed. */
function run(folder: string, command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, npm_config_loglevel: 'error' } });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`, { cause: error });
  }
}

describe('the package, packed and installed into an empty folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'retinamesh-pack-')), app = join(root, 'app'), installed = join(app, 'node_modules', name);
  beforeAll(() => {
    // The kernels are built: the tests beside this one run on them, and would see a half-written file.
    run('.', 'npm', 'run', '-s', 'build:ts');
    if (!existsSync('dist/viewer/page.html')) run('.', 'npm', 'run', '-s', 'build:viewer');
    run('.', 'npm', 'pack', '--ignore-scripts', '--pack-destination', root);
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }');
    run(app, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(root, `${name}-${version}.tgz`));
  }, 180_000);
  afterAll(() => rmSync(root, { recursive: true }));

  it('holds the kernels, the viewer page and the licence, and no sources', () => {
    for (const file of ['dist/kernels/wasm/kernels.wasm', 'dist/viewer/page.html', 'dist/cli/main.js', 'LICENSE', 'README.md', 'CITATION.cff', 'docs/weights.md']) expect(existsSync(join(installed, file)), file).toBe(true);
    for (const file of ['src', 'test', 'dist/viewer/page']) expect(existsSync(join(installed, file)), file).toBe(false);
  });

  it('gives every export to a program in TypeScript and to Node', () => {
    const imports = entries.map((entry, i) => `import * as m${i} from '${entry}';`).join('\n');
    const modules = entries.map((_, i) => `m${i}`).join(', ');
    writeFileSync(join(app, 'every.ts'), `${imports}
const count: number = m0.LATENT_SIZE;
// @ts-expect-error: it has a type, not any
const text: string = m0.LATENT_SIZE;
console.log(JSON.stringify([${modules}].map((m) => Object.keys(m).length)), count === Number(text));
`);
    const tsc = resolve('node_modules/.bin/tsc'), types = ['--typeRoots', resolve('node_modules/@types'), '--types', 'node'];
    run(app, tsc, '--strict', '--module', 'NodeNext', '--target', 'es2022', '--skipLibCheck', ...types, 'every.ts');
    expect(JSON.parse(run(app, 'node', 'every.js').split(' true')[0]!).every((n: number) => n > 0)).toBe(true);
    // Declarations too, ours at least: TensorFlow.js's own do not pass.
    const complaints = ((): string => {
      try {
        return run(app, tsc, '--noEmit', '--strict', '--module', 'ESNext', '--moduleResolution', 'Bundler', '--target', 'es2022', ...types, 'every.ts');
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(complaints.split('\n').filter((line) => line.includes(`node_modules/${name}/`) || line.startsWith('every.ts'))).toEqual([]);
  });

  it('has a README whose programs are programs', () => {
    const snippets = [...readFileSync('README.md', 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text!);
    expect(snippets).toHaveLength(3);
    snippets.forEach((text, i) => writeFileSync(join(app, `readme-${i}.ts`), text));
    const tsc = resolve('node_modules/.bin/tsc'), types = ['--typeRoots', resolve('node_modules/@types'), '--types', 'node'];
    run(app, tsc, '--strict', '--module', 'NodeNext', '--target', 'es2022', '--skipLibCheck', ...types, ...snippets.map((_, i) => `readme-${i}.ts`));
  });

  it.skipIf(LACKING)(`runs the README's programs, and npx retinamesh reconstruct${LACKING}`, () => {
    copyFileSync('meshes/example.jpg', join(app, 'photo.jpg'));
    expect(run(app, 'node', 'readme-0.js')).toMatch(/pixel: 0\.0\d+[\s\S]*focalLength/);
    expect(existsSync(join(app, 'face.glb'))).toBe(true);
    expect(run(app, 'node', 'readme-1.js')).toMatch(/\[ 1, 144 \] Float32Array\(1\) \[ \d/);
    expect(run(app, 'npx', 'retinamesh', 'reconstruct')).toContain('out/scene.json');
    expect(readdirSync(join(app, 'out'))).toHaveLength(8);
    for (const file of ASSETS) expect(existsSync(join(installed, file)), file).toBe(true);
  });

  it('runs as a command', () => {
    expect(run(app, 'npx', 'retinamesh', '--version').trim()).toBe(version);
    const report = JSON.parse(run(app, 'npx', 'retinamesh', 'hierarchy', 'build', resolve('test/support/tetrahedron.obj'), '--levels', '1', '--factor', '1', '--json')) as { levels: unknown[] };
    expect(report.levels).toHaveLength(2);
  });
});

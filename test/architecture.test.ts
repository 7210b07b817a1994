import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Rooms of src, lowest first, and the lower rooms that each may import. A test below holds the list to what exists. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  sparse: ['core'],
  mesh: ['core', 'sparse'],
  io: ['core', 'sparse', 'mesh'],
  kernels: ['core', 'sparse', 'mesh'],
  gradients: ['core', 'kernels'],
  ops: ['core', 'sparse', 'mesh', 'kernels', 'gradients'],
  nn: ['core', 'sparse', 'mesh', 'ops'],
  losses: ['core', 'sparse', 'mesh', 'ops'],
  data: ['core', 'sparse', 'mesh', 'io'],
  training: ['core', 'io', 'nn'],
  renderer: ['core', 'sparse', 'mesh', 'kernels', 'ops', 'losses'],
  decoder: ['core', 'sparse', 'mesh', 'io', 'kernels', 'ops', 'nn', 'losses', 'data', 'training'],
  dense: ['core', 'sparse', 'mesh', 'io', 'kernels', 'ops', 'nn', 'losses', 'data', 'training', 'renderer', 'decoder'],
  detector: ['core', 'sparse', 'mesh', 'io', 'kernels', 'ops', 'nn', 'losses', 'data', 'training', 'renderer', 'decoder', 'dense'],
  viewer: ['core', 'sparse', 'mesh', 'io', 'kernels', 'data', 'decoder', 'dense'],
  cli: ['core', 'sparse', 'mesh', 'io', 'kernels', 'gradients', 'ops', 'nn', 'losses', 'data', 'training', 'renderer', 'decoder', 'dense', 'detector', 'viewer'],
};

/** Rooms and folders that must run without TensorFlow.js. */
const PURE = ['src/core/', 'src/sparse/', 'src/mesh/', 'src/io/', 'src/data/', 'src/kernels/impl/'];

/** Leaf files meant for Node; everything else runs in a page. */
const NODE = (file: string): boolean => file.startsWith('src/cli/') || /(^|\/)(node|node-[a-z-]+|[a-z-]+-node)\.ts$/.test(file);

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.includes('assembly/') && !path.endsWith('.generated.ts'))
  .map((path) => `src/${path}`)
  .sort();

const edges = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/(?:^|\s)(?:from|import) ?\(?'([^']+)'/gm)]
  .map(([, specifier]) => ({ file, specifier: specifier! })));

const rooms = Object.keys(MAY_IMPORT);
const roomOf = (path: string): string => (path.split('/').length > 2 ? path.split('/')[1]! : 'root');
const resolve = (file: string, specifier: string): string => new URL(specifier, `file:///${file}`).pathname.slice(1);

it('finds imports to check', () => expect(edges.length).toBeGreaterThan(10));

it('knows every room', () => expect(files.map(roomOf).filter((room) => room !== 'root' && !rooms.includes(room))).toEqual([]));

it('orders the rooms: each may import only lower ones', () => {
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    for (const lower of allowed) expect(rooms.indexOf(lower), `${room} -> ${lower}`).toBeLessThan(rooms.indexOf(room));
  }
});

it('lets rooms import only the rooms listed', () => {
  const stray = edges.filter(({ file, specifier }) => {
    if (!specifier.startsWith('.') || roomOf(file) === 'root') return false;
    const target = roomOf(resolve(file, specifier));
    return target !== roomOf(file) && !MAY_IMPORT[roomOf(file)]!.includes(target);
  });
  expect(stray).toEqual([]);
});

it('keeps TensorFlow.js out of the rooms that run without it', () => {
  expect(edges.filter(({ file, specifier }) => PURE.some((prefix) => file.startsWith(prefix)) && specifier.startsWith('@tensorflow/'))).toEqual([]);
});

it('keeps node: imports in leaf files meant for Node', () => {
  expect(edges.filter(({ file, specifier }) => !NODE(file) && (specifier.startsWith('node:') || specifier === 'sharp'))).toEqual([]);
});

it('loads no engine and no image codec before a command runs: --help is quick', () => {
  // Types vanish when compiled, and import(...) waits: what is left is loaded at the start.
  const eager = (file: string): string[] => [...readFileSync(file, 'utf8').matchAll(/^(?:import (?!type )[^;]*?|export (?!type )[^;=(]*? from )'([^']+)';/gm)].map(([, specifier]) => specifier!);
  const seen = new Set<string>(), stray: string[] = [];
  const visit = (file: string, from: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const specifier of eager(file)) {
      if (specifier.startsWith('.')) visit(resolve(file, specifier), `${from} < ${file}`);
      else if (/^(@tensorflow|@gltf-transform|sharp|draco3dgltf)/.test(specifier)) stray.push(`${specifier} < ${file}${from}`);
    }
  };
  for (const file of files.filter((path) => path.startsWith('src/cli/'))) visit(file, '');
  expect(stray).toEqual([]);
});

it('keeps tf.gather, whose gradient is quadratic on cpu, out of src', () => {
  expect(files.filter((file) => /\btf\.gather\(/.test(readFileSync(file, 'utf8')))).toEqual([]);
});

it('has every command that the README names', () => {
  const readme = readFileSync('README.md', 'utf8');
  const commands = new Set([...readme.matchAll(/\bretinamesh ([a-z]+)/g)].map(([, command]) => command!));
  for (const command of commands) expect(existsSync(`src/cli/${command}.ts`), `src/cli/${command}.ts`).toBe(true);
  const scripts = Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts);
  for (const [, script] of readme.matchAll(/\bnpm run (?:-s )?([a-z:]+)/g)) expect(scripts).toContain(script);
});

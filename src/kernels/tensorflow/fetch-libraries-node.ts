import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError } from '../../core/errors.ts';
import { runInstallTool } from './explain-failure-node.ts';
import { TENSORFLOW_VERSIONS, type TensorflowHome } from './home-node.ts';
import type { InstallContext } from './install-context.ts';

const WHEELS = { cpu: 'tensorflow-cpu', gpu: 'tensorflow' } as const;

/** The wheel's tags: Python's own version does not matter, nothing of it is run. */
const TAGS = [
  '--no-deps', '--only-binary=:all:', '--implementation', 'cp', '--python-version', '3.11', '--abi', 'cp311',
  '--platform', 'manylinux_2_27_x86_64', '--platform', 'manylinux_2_17_x86_64', '--platform', 'manylinux2014_x86_64',
];

const PIP = ['-m', 'pip', '--disable-pip-version-check', '--no-cache-dir', '--retries', '2', '--timeout', '30'];

/** Takes out of a wheel what the addon is compiled against, and what CUDA it names: two libraries, the headers of the C interface, licences. */
const UNPACK = `
import re, sys, zipfile
wheel, folder = sys.argv[1:]
want = re.compile(r'tensorflow/(libtensorflow_(cc|framework)\\.so\\.2|THIRD_PARTY_NOTICES\\.txt|include/(tensorflow/c/|tensorflow/core/platform/ctstring|(xla/)?tsl/(c|platform)/).*\\.h)$|[^/]*\\.dist-info/(METADATA|LICENSE.*|licenses/.*)$')
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(folder, [name for name in archive.namelist() if want.match(name)])
`;

/**
 * Downloads TensorFlow's wheel and unpacks its libraries, headers and licences.
 *
 * @param folder - An empty one to work in.
 * @returns The folder that holds them, inside it.
 */
export async function fetchLibraries({ variant }: TensorflowHome, folder: string, context: InstallContext): Promise<string> {
  const name = WHEELS[variant], doing = `downloading ${name} ${TENSORFLOW_VERSIONS.tensorflow}`, downloads = join(folder, 'downloads');
  mkdirSync(downloads);
  context.note(`${context.where}: ${doing}`);
  await runInstallTool('python3', ['-m', 'pip', '--version'], doing, context);
  const watch = watchDownload(folder, context);
  try {
    await runInstallTool('python3', [...PIP, 'download', '--progress-bar', 'off', ...TAGS, '--dest', downloads, `${name}==${TENSORFLOW_VERSIONS.tensorflow}`], doing, context, { env: { TMPDIR: folder }, onOutput: watch.read });
  } finally {
    watch.stop();
  }
  const wheel = readdirSync(downloads).find((file) => file.endsWith('.whl'));
  if (!wheel) throw new FormatError(downloads, 'the download', 'a wheel', 'none', 'its end');
  await runInstallTool('python3', ['-c', UNPACK, join(downloads, wheel), folder], `unpacking ${wheel}`, context);
  rmSync(downloads, { recursive: true });
  const libraries = join(folder, 'tensorflow'), [about] = readdirSync(folder).filter((file) => file.endsWith('.dist-info'));
  for (const library of ['cc', 'framework']) if (!statSync(join(libraries, `libtensorflow_${library}.so.2`), { throwIfNoEntry: false })) throw new FormatError(wheel, `libtensorflow_${library}.so.2`, 'a place in the wheel', 'none', 'its directory');
  if (about) renameSync(join(folder, about), join(libraries, 'about'));
  return libraries;
}

/**
 * Installs the CUDA libraries that the wheel itself names.
 *
 * @returns The folder that holds them.
 */
export async function fetchCuda({ libraries }: TensorflowHome, folder: string, context: InstallContext): Promise<string> {
  const wheels = [...readFileSync(join(libraries, 'about', 'METADATA'), 'utf8').matchAll(/^Requires-Dist: (nvidia-[^;]+?) *; *extra == "and-cuda"/gm)].map(([, wheel]) => wheel!.trim());
  if (wheels.length === 0) throw new FormatError(libraries, 'METADATA', 'the CUDA packages of "and-cuda"', 'none', 'its end');
  context.note(`${context.where}: downloading ${wheels.length} CUDA packages, several GB`);
  await runInstallTool('python3', [...PIP, 'install', '--quiet', '--root-user-action=ignore', '--no-deps', '--target', folder, ...wheels], 'downloading CUDA', context, { env: { TMPDIR: folder } });
  return join(folder, 'nvidia');
}

/** Reports how much of a download has come: pip says its size, and keeps it below `folder` meanwhile. */
function watchDownload(folder: string, { progress }: InstallContext): { readonly read: (text: string) => void; stop(): void } {
  const began = performance.now();
  let total = 0, shown = -1;
  const report = (): void => {
    const done = Math.min(total, Math.round(sizeOf(folder) / 1e6));
    if (done > shown) progress({ label: 'download, MB', done, total, seconds: (performance.now() - began) / 1000 });
    shown = Math.max(shown, done);
  };
  const timer = setInterval(report, 500);
  return {
    read(text) {
      const size = /Downloading \S+\.whl(?:\.metadata)? \(([\d.]+) MB\)/.exec(text);
      if (size) total = Math.round(Number(size[1]));
    },
    stop: () => clearInterval(timer),
  };
}

const sizeOf = (folder: string): number => readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);

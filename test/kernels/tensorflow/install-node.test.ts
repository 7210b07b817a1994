import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTensorflowHome, missingParts, tensorflowHome } from '../../../src/kernels/tensorflow/home-node.ts';
import { installTensorflow } from '../../../src/kernels/tensorflow/install-node.ts';
import { assertMachine } from '../../../src/kernels/tensorflow/machine-node.ts';
import { type FakeTools, fakePath, WORKING_TOOLS } from '../../support/fake-tools.ts';

const MACHINE = { platform: 'linux', arch: 'x64', glibc: '2.36' }, PATH = process.env.PATH, BUILT = existsSync('dist/kernels/tensorflow/install-node.js');
let folder: string, notes: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'retinamesh-home-'));
  notes = [];
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

function install(tools: FakeTools = {}, home = tensorflowHome(folder, 'cpu')): Promise<string[]> {
  process.env.PATH = fakePath({ ...WORKING_TOOLS, ...tools });
  return installTensorflow(home, { where: 'setup', note: (text) => notes.push(text), progress: () => {} }, MACHINE);
}

describe('installTensorflow', () => {
  it('makes every part, leaves nothing else behind, and does nothing the second time, without any tool', async () => {
    const home = tensorflowHome(folder, 'cpu');
    expect(missingParts(home)).toHaveLength(3);
    expect(await install()).toEqual(['tensorflow', 'node_modules', 'addons']);
    expect(readdirSync(home.folder).sort()).toEqual(['addons', 'node_modules', 'tensorflow']);
    expect(existsSync(join(home.libraries, 'about', 'METADATA'))).toBe(true);
    expect(existsSync(join(home.packages, '@tensorflow', 'tfjs', 'index.js'))).toBe(true);
    expect(findTensorflowHome(folder)).toEqual(home);
    expect(notes).toHaveLength(3);
    expect(await install({ python3: null, npm: null, 'g++': null })).toEqual([]);
  });

  it('goes on from the parts that are whole', async () => {
    await expect(install({ 'g++': null })).rejects.toThrow('setup: a machine without g++ is not supported; compiling the addon needs it (apt-get install g++)');
    expect(missingParts(tensorflowHome(folder, 'cpu')).map((path) => path.split('/').at(-1))).toEqual(['addons']);
    expect(findTensorflowHome(folder)).toBeNull();
    expect(await install({ python3: null, npm: null })).toEqual(['addons']);
  });

  it.skipIf(!BUILT)(`killed in the middle of a part, loses none: the next call takes away the half one${BUILT ? '' : ' [skipped: no dist; npm run build]'}`, async () => {
    const marker = join(folder, 'began'), slow = fakePath({ ...WORKING_TOOLS, npm: `touch ${marker}; exec sleep 60` });
    const built = (name: string): string => JSON.stringify(join(process.cwd(), 'dist/kernels/tensorflow', name));
    const script = `import { installTensorflow } from ${built('install-node.js')}; import { tensorflowHome } from ${built('home-node.js')};
      await installTensorflow(tensorflowHome(${JSON.stringify(folder)}, 'cpu'), { where: 'setup', note() {}, progress() {} }, ${JSON.stringify(MACHINE)});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, PATH: slow }, detached: true, stdio: 'ignore' }), ended = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(marker)) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    const home = tensorflowHome(folder, 'cpu');
    expect(readdirSync(home.folder).some((name) => name.startsWith('.partial-'))).toBe(true);
    expect(await install()).toEqual(['node_modules', 'addons']);
    expect(readdirSync(home.folder).sort()).toEqual(['addons', 'node_modules', 'tensorflow']);
  });

  it('leaves alone what another installer is making', async () => {
    const home = tensorflowHome(folder, 'cpu');
    await install();
    writeFileSync(join(home.folder, `.partial-${process.ppid}-tensorflow`), '');
    rmSync(home.addons, { recursive: true });
    await install();
    expect(readdirSync(home.folder)).toContain(`.partial-${process.ppid}-tensorflow`);
  });

  it('with CUDA, installs what the wheel names', async () => {
    const python3 = `${WORKING_TOOLS.python3}
case "$*" in
  *METADATA*) printf 'Requires-Dist: nvidia-cudnn-cu12 (<10) ; extra == "and-cuda"\\nRequires-Dist: numpy\\n' > "$4/t.dist-info/METADATA";;
  *--target*) while [ "$1" != --target ]; do shift; done; mkdir "$2/nvidia"; echo "$3" > "$2/nvidia/asked";;
esac`;
    const home = tensorflowHome(folder, 'gpu');
    expect(await install({ python3 }, home)).toEqual(['tensorflow', 'nvidia', 'node_modules', 'addons']);
    expect(readFileSync(join(home.cuda!, 'asked'), 'utf8')).toBe('nvidia-cudnn-cu12 (<10)\n');
    await install();
    expect(findTensorflowHome(folder)!.variant).toBe('gpu');
  });

  const pipSays = (text: string): FakeTools => ({ python3: `case "$*" in *download*) echo '${text}' >&2; exit 1;; *) echo pip 23;; esac` });
  it.each([
    [{ python3: null }, 'setup: a machine without python3 is not supported; downloading tensorflow-cpu 2.21.0 needs it (apt-get install python3 python3-pip)'],
    [{ python3: 'echo "/usr/bin/python3: No module named pip" >&2; exit 1' }, 'setup: a python3 without pip is not supported; downloading tensorflow-cpu 2.21.0 needs it (apt-get install python3-pip)'],
    [{ npm: null }, 'setup: a machine without npm is not supported; downloading @tensorflow/tfjs-node@4.22.0 needs it (it comes with Node)'],
    [pipSays('ERROR: [Errno -3] Temporary failure in name resolution'), 'setup: downloading tensorflow-cpu 2.21.0 without a network is not supported; connect this machine'],
    [{ npm: 'echo "npm error code ENOTFOUND" >&2; exit 1' }, 'setup: downloading @tensorflow/tfjs-node@4.22.0 without a network is not supported'],
    [pipSays('ERROR: Could not find a version'), 'setup: downloading tensorflow-cpu 2.21.0 here is not supported; python3 ended with 1: ERROR: Could not find a version'],
    [pipSays('OSError: [Errno 28] No space left on device'), 'setup: downloading tensorflow-cpu 2.21.0 on a full disk is not supported; make room, or give another --home'],
    [{ 'g++': 'echo "a.cc:1: error: no such header" >&2; exit 1' }, 'setup: compiling the addon here is not supported; g++ ended with 1: a.cc:1: error: no such header'],
  ])('says in one line what is missing: %j', async (tools, message) => {
    const error = await install(tools as FakeTools).then(() => null, (reason: Error) => reason);
    expect(error?.message).toContain(message);
    expect(error?.message).not.toContain('\n');
  });

  it('throws where the folder cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(install({}, tensorflowHome(join(folder, 'file'), 'cpu'))).rejects.toThrow('setup: expected --home to have a folder that can be written, got');
  });

  it('stops when told to', async () => {
    process.env.PATH = fakePath({ ...WORKING_TOOLS, npm: 'exec sleep 60' });
    const controller = new AbortController(), reason = new Error('stopped');
    const done = installTensorflow(tensorflowHome(folder, 'cpu'), { where: 'setup', note: (text) => { if (text.includes('tfjs-node')) setTimeout(() => controller.abort(reason), 100); }, progress: () => {}, signal: controller.signal }, MACHINE);
    await expect(done).rejects.toBe(reason);
    expect(readdirSync(tensorflowHome(folder, 'cpu').folder)).toEqual(['tensorflow']);
  });
});

it.each([[{ ...MACHINE, platform: 'darwin', arch: 'arm64' }, 'darwin-arm64'], [{ ...MACHINE, arch: 'arm64' }, 'linux-arm64'], [{ ...MACHINE, glibc: null }, 'Linux without glibc, e.g. Alpine']])('refuses %j', (machine, name) => {
  expect(() => assertMachine('setup', machine)).toThrow(`setup: ${name} is not supported; it takes Linux on x64 with glibc; the wasm backend runs everywhere`);
});

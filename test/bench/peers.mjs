// Starts the scripts of ../shared/peers, each pinned to the same core as ours, in a folder that goes away afterwards.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Scripts by item; the first of decode writes the output that the others are checked against. */
export const PEER_SCRIPTS = { decode: ['decode_torch', 'decode_native', 'decode_np'], raster: ['rast_numba', 'rast_deodr'], fit: [], detector: [] };

/** `taskset` before a command, where the system has it: one core. */
export const pinned = (cores, command) => cores === 1 && existsSync('/usr/bin/taskset') ? ['taskset', '-c', '1', ...command] : command;

/**
 * Runs `scripts` of the folder `peers` with `python`; `fast` leaves out the kinds of torch that take minutes.
 *
 * @yields Records as the scripts print them, or `{ note }` for one that did not run.
 */
export function* runPeers(scripts, { python, peers, cores, fast }) {
  const here = fileURLToPath(peers), work = mkdtempSync(join(tmpdir(), 'peers-'));
  const env = { ...process.env, MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '17179869184', CUDA_VISIBLE_DEVICES: '', PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: '1' };
  try {
    if (scripts.includes('decode_native')) {
      copyFileSync(join(here, 'decode_native.cpp'), join(work, 'decode_native.cpp'));
      const { status, error } = spawnSync('g++', '-O3 -march=native -mprefer-vector-width=512 -ffast-math -fopenmp -shared -fPIC decode_native.cpp -o decode_native.so'.split(' '), { cwd: work });
      if (status !== 0) yield { note: `peers: no native C++: g++ ${error ? error.code : `ended with ${status}`}` };
    }
    for (const script of scripts) {
      const [command, ...args] = pinned(cores, [python, '-W', 'ignore', join(here, `${script}.py`), ...(fast && script === 'decode_torch' ? ['csr'] : [])]);
      const { stdout, stderr, status, error } = spawnSync(command, args, { cwd: work, env, encoding: 'utf8', timeout: 900_000, maxBuffer: 1 << 26 });
      for (const line of (stdout ?? '').split('\n')) {
        if (line.startsWith('{')) yield JSON.parse(line);
        else if (line.startsWith('#')) yield { note: `${script}: ${line.slice(1).trim()}` };
      }
      if (status !== 0) yield { note: `peers: ${script} did not finish: ${error?.message ?? (stderr ?? '').trim().split('\n').at(-1)}` };
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

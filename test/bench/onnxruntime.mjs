// Starts the detector of ../shared/peers on onnxruntime, in a folder that has onnxruntime-node and onnxruntime-web.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinned } from './peers.mjs';

/** @yields Records as the script prints them, or `{ note }` for a runtime that is not there or did not run. */
export function* runOnnxruntime({ folder, peers, cores }) {
  const script = fileURLToPath(new URL('det_ort.mjs', peers));
  for (const name of ['onnxruntime-node', 'onnxruntime-web']) {
    if (!existsSync(join(folder, 'node_modules', name))) {
      yield { note: `peers: ${name} is not in ${folder}: npm install --ignore-scripts ${name}` };
      continue;
    }
    const [command, ...args] = pinned(cores, [process.execPath, script, name, String(cores)]);
    const { stdout, stderr, status, error } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', timeout: 300_000 });
    for (const line of (stdout ?? '').split('\n')) if (line.startsWith('{')) yield JSON.parse(line);
    if (status !== 0) yield { note: `peers: ${name} did not finish: ${error?.message ?? (stderr ?? '').trim().split('\n').at(-1)}` };
  }
}

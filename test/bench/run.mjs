// npm run -s bench -- [decode | raster | fit | detector] [--json] [--python PATH]: ours and, where their Python is given, the peers, on one core or two.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { runOnnxruntime } from './onnxruntime.mjs';
import { PEER_SCRIPTS, pinned, runPeers } from './peers.mjs';
import { formatTable } from './table.mjs';

const USAGE = `npm run -s bench -- [decode | raster | fit | detector ...] [options]
  --json            JSON lines with the peers' own fields, as they come, instead of a table
  --python <path>   a Python with the peers' packages; or RETINAMESH_PEERS_PYTHON. Without it the peers are named as absent
  --peers <folder>  their scripts (default ../shared/peers)
  --fast            leave out what takes minutes: of torch only the CSR form, and no compilers
  --seconds <n>     time per figure (default 2)
  --passes <n>      measures all of it so often, ours and theirs by turns; the table keeps the lowest minimum (default 1)
  --backend <names> auto, wasm, tensorflow or cpu, or several with commas between (default auto)
  --cores <n>       1 or 2 (default 1)
  --onnxruntime <folder>  one whose node_modules has onnxruntime-node and onnxruntime-web, for detector; or RETINAMESH_ONNXRUNTIME`;

const options = {
  json: { type: 'boolean', default: false }, python: { type: 'string' }, peers: { type: 'string' }, fast: { type: 'boolean', default: false },
  seconds: { type: 'string', default: '2' }, passes: { type: 'string', default: '1' }, backend: { type: 'string', default: 'auto' }, cores: { type: 'string', default: '1' }, onnxruntime: { type: 'string' }, help: { type: 'boolean', default: false },
};
const fail = (message) => {
  console.error(`bench: ${message}\n${USAGE}`);
  process.exit(2);
};
const { values, positionals } = (() => {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return fail(error.message);
  }
})();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const stray = positionals.find((item) => !(item in PEER_SCRIPTS));
if (stray) fail(`there is no benchmark ${stray}`);
if (!(Number(values.seconds) > 0)) fail('--seconds takes a positive number');
if (!(Number.isInteger(Number(values.passes)) && Number(values.passes) >= 1)) fail('--passes takes a positive integer');
if (!['1', '2'].includes(values.cores)) fail('--cores takes 1 or 2');
const root = new URL('../../', import.meta.url);
if (!existsSync(new URL('dist/cli/main.js', root))) fail('dist/ is missing: npm run -s build');

const items = positionals.length > 0 ? positionals : Object.keys(PEER_SCRIPTS), cores = Number(values.cores);
const onnxruntime = values.onnxruntime ?? process.env.RETINAMESH_ONNXRUNTIME;
const python = values.python ?? process.env.RETINAMESH_PEERS_PYTHON;
const peers = values.peers ? new URL(`file://${values.peers.replace(/\/*$/, '/')}`) : new URL('../shared/peers/', root);
const records = [];
let pass = 0;
const take = (record) => {
  if (record.note !== undefined && record.item === undefined) console.error(record.note);
  else {
    records.push({ ...record, pass });
    if (values.json) console.log(JSON.stringify(record));
    else console.error(`${record.item} ${record.work ?? ''}: ${record.name}: ${record.error ?? `${record.ms_min} ms`}`);
  }
};

const scripts = items.flatMap((item) => PEER_SCRIPTS[item]);
const absent = scripts.length === 0 ? null : !python ? 'give --python or RETINAMESH_PEERS_PYTHON' : !existsSync(peers) ? `there is no ${peers.pathname}` : null;
for (; pass < Number(values.passes); pass++) {
  for (const backend of values.backend.split(',')) await runOurs(backend);
  if (items.includes('detector') && onnxruntime && existsSync(peers)) for (const record of runOnnxruntime({ folder: onnxruntime, peers, cores })) take(record);
  if (scripts.length > 0 && !absent) for (const record of runPeers(scripts, { python, peers, cores, fast: values.fast })) take(record);
}
if (items.includes('detector') && !onnxruntime) take({ note: 'peers absent (onnxruntime-node, onnxruntime-web): give --onnxruntime or RETINAMESH_ONNXRUNTIME' });
if (absent) take({ note: `peers absent (${scripts.join(', ')}): ${absent}` });

async function runOurs(backend) {
  const [command, ...args] = pinned(cores, [process.execPath, new URL('ours.mjs', import.meta.url).pathname,
    JSON.stringify({ items, cores, peers: peers.href, backend, budget: Number(values.seconds) })]);
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: String(cores), TF_NUM_INTEROP_THREADS: '1' };
  const ours = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env }), ended = new Promise((resolve) => ours.on('close', resolve));
  for await (const line of createInterface({ input: ours.stdout })) if (line.startsWith('{')) take(JSON.parse(line));
  const code = await ended;
  if (code === 0) return;
  console.error(`bench: ours ended with ${code}`);
  process.exit(1);
}

if (!values.json) console.log(`${cpus()[0].model}, ${cores === 1 ? 'one core' : 'two cores'}, Node ${process.version}\n\n${formatTable(records)}`);

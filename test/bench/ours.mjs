// node test/bench/ours.mjs OPTIONS_JSON: measures this project's items in a process of their own, one JSON line each.
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../dist/cli/backends.js';

const ITEMS = {
  decode: async () => (await import('./decode.mjs')).benchDecode,
  raster: async () => (await import('./raster.mjs')).benchRaster,
  fit: async () => (await import('./fit.mjs')).benchFit,
  detector: async () => (await import('./detector.mjs')).benchDetector,
};

const { items, cores, peers, backend, budget } = JSON.parse(process.argv[2]);
tf.enableProdMode();
const running = await useBackend(backend);
for (const item of items) {
  if (!ITEMS[item]) continue;
  const bench = await ITEMS[item]();
  for await (const line of bench({ name: `retinamesh ${running}`, backend: running, cores, peers, budget })) console.log(JSON.stringify(line));
}

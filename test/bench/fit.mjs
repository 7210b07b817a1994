// One step of the fit at 112 x 112: objective, its gradient, Adam; split by stage; and whether a thousand of them leave anything behind.
import { existsSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../../dist/core/random.js';
import { MeshDecoder } from '../../dist/decoder/mesh-decoder.js';
import { readFaceModel } from '../../dist/decoder/face-model.js';
import { FaceRenderer } from '../../dist/dense/face-renderer.js';
import { FitObjective } from '../../dist/dense/fit-objective.js';
import { FIT_DEFAULTS } from '../../dist/dense/fit-face.js';
import { Adam } from '../../dist/training/adam.js';
import { renderFace } from '../../dist/dense/render-face.js';
import { sceneNumbers } from '../../dist/dense/scene.js';
import { buildHierarchy } from '../../dist/mesh/hierarchy.js';
import { measure, round } from './measure.mjs';
import { kernelClock } from './kernel-clock.mjs';

const SIZE = 112;

/** Kernels to stages; what is not named here is stock arithmetic: losses, priors, the scene map, composition. */
const STAGES = [
  [/^(ChebConv|Linear|SparseMatMul|GatherRows$|ReluGrad|SumRows|ScatterRows)/, 'decode'], [/^ProjectVertices/, 'project'], [/^RasterizeMesh/, 'rasterize'],
  [/^VertexNormals/, 'normals'], [/^(ShadeFragments|InterpolateAttributes)/, 'shade'], [/^AntialiasEdges/, 'silhouettes'], [/^Identity$/, 'copies that the tape saves'],
];
const stageOf = (kernel) => STAGES.find(([pattern]) => pattern.test(kernel))?.[1] ?? 'arithmetic of losses and maps';

/** Times one step; then its stages in the quickest of the steps, a line each. */
export function* benchFit({ name, cores, budget, backend }) {
  const { model, about } = loadModel(), L = model.decoder.config.latentSize, random = createRandom(1);
  yield { note: `fit: ${about}` };
  const renderer = new FaceRenderer(model), target = Float64Array.from({ length: L + 16 }, () => 0.5 * random.normal());
  const crop = { size: SIZE, pixels: Float32Array.from(renderFace(sceneNumbers(target, 'roll'), model, SIZE).colors), inside: new Float32Array(SIZE * SIZE).fill(1) };
  const points = [[0.35, 0.4], [0.65, 0.4], [0.5, 0.55], [0.38, 0.7], [0.62, 0.7]];
  const objective = new FitObjective(renderer, crop, points, FIT_DEFAULTS.weights, 'roll');
  const raw = new Float32Array(L + 16), adam = new Adam({ beta2: 0.99 }), clock = kernelClock(backend);
  const step = () => {
    const { gradient } = objective.evaluate(raw);
    adam.update({ raw }, { raw: gradient }, 0.001);
  };
  yield { item: 'fit', name, work: `one step ${SIZE}`, cores, ...measure(step, { budget }) };

  let quickest = { total: Infinity, kernels: {} };
  for (const end = performance.now() + 1000 * budget; performance.now() < end;) {
    clock.start();
    const begin = performance.now();
    step();
    const total = performance.now() - begin, kernels = clock.stop();
    if (total < quickest.total) quickest = { total, kernels };
  }
  const stages = {};
  for (const [kernel, ms] of Object.entries(quickest.kernels)) stages[stageOf(kernel)] = (stages[stageOf(kernel)] ?? 0) + ms;
  stages['gradient tape and bookkeeping of the engine, Adam'] = quickest.total - Object.values(quickest.kernels).reduce((sum, ms) => sum + ms, 0);
  for (const [stage, ms] of Object.entries(stages).sort((a, b) => b[1] - a[1])) {
    yield { item: 'fit stage', name: stage, work: `one step ${SIZE}, split`, cores, ms_min: round(ms), ms_median: round(ms), n: 1, share: round(ms / quickest.total) };
  }

  const steps = budget >= 1 ? 1000 : 20, before = held(backend);
  for (let i = 0; i < steps; i++) step();
  const after = held(backend);
  yield { note: `fit: over ${steps} steps: ${Object.keys(before).map((what) => `${what} ${before[what]} -> ${after[what]}`).join(', ')}` };
  clock.remove();
  objective.dispose();
  renderer.dispose();
}

function held(backend) {
  globalThis.gc?.();
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, 'tensor bytes': numBytes, ...(backend === 'wasm' && { 'wasm memory bytes': tf.backend().wasm.asm.memory.buffer.byteLength }), 'resident MiB': Math.round(process.memoryUsage.rss() / 2 ** 20) };
}

function loadModel() {
  const shipped = new URL('../../meshes/head.safetensors', import.meta.url);
  if (existsSync(shipped)) return { model: readFaceModel(readFileSync(shipped), 'head.safetensors'), about: 'meshes/head.safetensors' };
  return { model: egg(), about: 'meshes/head.safetensors is missing: an egg of 6,889 vertices with random weights stands in' };
}

// A sheet of 83 x 83 vertices about an egg, open at the back.
function egg() {
  const N = 83, V = N * N, vertices = new Float32Array(3 * V), faces = [];
  for (let r = 0; r < N; r++) {
    for (let c = 0; c < N; c++) {
      const a = 2.4 * (c / (N - 1) - 0.5), b = 2.4 * (r / (N - 1) - 0.5), v = r * N + c;
      vertices.set([75 * Math.sin(a) * Math.cos(b), -10 + 100 * Math.sin(b), 80 * Math.cos(a) * Math.cos(b) - 10], 3 * v);
      if (r + 1 < N && c + 1 < N) faces.push(v, v + 1, v + N, v + 1, v + N + 1, v + N);
    }
  }
  const mesh = { vertices, faces: Int32Array.from(faces) }, hierarchy = buildHierarchy(mesh, { levels: 4, factor: 4 });
  const statistics = { vertices, colors: Float32Array.from(vertices, (x, i) => 0.5 + 0.2 * Math.sin(0.1 * x + i)), vertexScale: new Float32Array(V).fill(2), colorScale: new Float32Array(V).fill(0.2) };
  const decoder = new MeshDecoder(hierarchy, statistics, {}, 1), index = (n) => Int32Array.from({ length: n }, (_, i) => Math.floor(((i + 1) * V) / (n + 1)));
  return { decoder, topology: { faces: mesh.faces, faceMask: new Float32Array(V).fill(1), region: new Uint8Array(V), landmarks68: index(68), landmarks5: index(5), mirror: Int32Array.from({ length: V }, (_, v) => v) }, metadata: {} };
}

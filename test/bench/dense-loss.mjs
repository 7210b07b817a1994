// node test/bench/dense-loss.mjs [--portraits FOLDER]: what denseLoss finds in each of its weightings and norms, all else the same.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../../dist/core/random.js';
import { decodeMesh } from '../../dist/decoder/decode-mesh.js';
import { readFaceModel } from '../../dist/decoder/face-model.js';
import { applyAffine, cropToPhoto, invertAffine } from '../../dist/dense/crop-frame.js';
import { denseLoss } from '../../dist/dense/dense-loss.js';
import { FaceRenderer } from '../../dist/dense/face-renderer.js';
import { landmarkStart } from '../../dist/dense/fit-start.js';
import { visibleLandmarks68 } from '../../dist/dense/landmarks68.js';
import { photoProjection, projectPoint } from '../../dist/dense/photo-projection.js';
import { parseDlibLandmarks, parseFaceLabels } from '../../dist/dense/portrait-labels.js';
import { OUTLINE_POINTS, quantile, scoreColors, scoreLandmarks } from '../../dist/dense/portrait-protocol.js';
import { renderFace } from '../../dist/dense/render-face.js';
import { resampleCrop } from '../../dist/dense/resample.js';
import { POSE_AND_LIGHT, sceneNumbers } from '../../dist/dense/scene.js';
import { jitterPoints, syntheticScene } from '../../dist/dense/synthetic-scene.js';
import { readImageFile } from '../../dist/io/node-image.js';
import { useWasmBackend } from '../../dist/kernels/wasm/index.js';
import { Adam } from '../../dist/training/adam.js';

const { values } = parseArgs({ options: {
  portraits: { type: 'string', default: '../shared/data/portraits' }, count: { type: 'string', default: '20' }, scenes: { type: 'string', default: '12' },
  steps: { type: 'string', default: '200' }, weightings: { type: 'string', default: 'paper,covered,face' }, norms: { type: 'string', default: 'l1,l2' },
  strengths: { type: 'string', default: '300,1000,3000' }, json: { type: 'boolean', default: false },
} });
const SIZE = 112, steps = Number(values.steps), list = (text) => text.split(',');

await useWasmBackend();
tf.enableProdMode();
const model = readFaceModel(new Uint8Array(readFileSync(new URL('../../meshes/head.safetensors', import.meta.url)))), renderer = new FaceRenderer(model);
const cases = [...await portraits(values.portraits, Number(values.count)), ...scenes(Number(values.scenes))];

const rows = [];
for (const norm of list(values.norms)) {
  for (const weighting of list(values.weightings)) {
    for (const strength of list(values.strengths).map(Number)) {
      const scores = cases.map((one) => ({ kind: one.kind, ...one.score(fit(one, { weighting, norm }, strength)) })), of = (kind, name) => scores.filter((s) => s.kind === kind).map((s) => s[name]);
      const median = (kind, name) => (of(kind, name).length > 0 ? quantile(of(kind, name), 0.5) : null);
      const row = {
        weighting, norm, strength, nme: median('portrait', 'nme'), nmeInner: median('portrait', 'nmeInner'), color: median('portrait', 'color'), size: median('portrait', 'size'),
        reprojection: median('scene', 'reprojection'), sceneColor: median('scene', 'color'), sceneSize: median('scene', 'size'), recovered: of('scene', 'recovered').filter(Boolean).length,
      };
      rows.push(row);
      if (values.json) console.log(JSON.stringify(row));
      else console.error(`${weighting} ${norm} ${strength}: NME ${percent(row.nme)}, reprojection ${fixed(row.reprojection)} px`);
    }
  }
}
if (!values.json) console.log(table(rows));

/** Steps of Adam from the five points on `strength denseLoss + 1/2 |raw|^2`: the loss is all that looks at the picture. */
function fit({ crop, start }, options, strength) {
  const crops = tf.tensor4d(crop.pixels, [1, SIZE, SIZE, 3]), raw = Float32Array.from(start.raw), N = raw.length, L = N - POSE_AND_LIGHT;
  const adams = [new Adam({ beta2: 0.99 }), new Adam({ beta2: 0.99 })], parts = (x) => [{ raw: x.subarray(0, L) }, { raw: x.subarray(L) }];
  for (let step = 0; step < steps; step++) {
    const gradient = tf.tidy(() => tf.grad((x) => denseLoss(renderer, x, crops, { ...options, pose: 'roll' }).mul(strength).add(x.square().sum().mul(0.5)))(tf.tensor2d(raw, [1, N])).dataSync().slice());
    const rate = 0.15 + 0.85 * 0.5 * (1 + Math.cos((Math.PI * step) / steps)), to = parts(raw), by = parts(gradient);
    [0.09, 0.05].forEach((size, i) => adams[i].update(to[i], by[i], rate * size));
  }
  crops.dispose();
  return sceneNumbers(raw, 'roll');
}

/** Mean distance of points from their middle. */
function spread(points) {
  const middle = [0, 1].map((k) => points.reduce((sum, p) => sum + p[k], 0) / points.length);
  return points.reduce((sum, [x, y]) => sum + Math.hypot(x - middle[0], y - middle[1]), 0) / points.length;
}

async function portraits(folder, count) {
  if (!existsSync(folder)) {
    console.error(`no ${folder}: scenes only`);
    return [];
  }
  const read = (name) => readFileSync(join(folder, name), 'utf8'), references = parseDlibLandmarks(read('landmarks68.dlib.tsv')), labels = parseFaceLabels(read('label.txt')).filter(({ file }) => references.has(file));
  const chosen = Array.from({ length: Math.min(count, labels.length) }, (_, i) => labels[Math.floor((i * labels.length) / count)]);
  return Promise.all(chosen.map(async ({ file, box, landmarks5 }) => {
    const photo = await readImageFile(join(folder, 'images', file)), reference = references.get(file), start = landmarkStart(model, landmarks5), toPhoto = cropToPhoto(start.frame, SIZE), crop = resampleCrop(photo, toPhoto, SIZE);
    const score = (scene) => {
      const { mesh, colors, faceMask } = renderFace(scene, model, SIZE), projection = photoProjection(scene.camera, toPhoto, SIZE), vertices = visibleLandmarks68(model.topology, mesh.vertices, scene.camera.eye);
      const points = Array.from(vertices, (v) => projectPoint(projection, mesh.vertices, 3 * v)), inner = (p) => spread(p.slice(OUTLINE_POINTS));
      const color = scoreColors(colors, faceMask, crop.pixels, reference.map((p) => applyAffine(invertAffine(toPhoto), p))).colorDifference;
      return { ...scoreLandmarks(points, reference, box), color, size: inner(points) / inner(reference) };
    };
    return { kind: 'portrait', crop, start, score };
  }));
}

function scenes(count) {
  const random = createRandom(1);
  return Array.from({ length: count }, (_, index) => {
    const { photo, seen, box, landmarks5 } = syntheticScene(model, random.fork(`scene ${index}`), index), start = landmarkStart(model, jitterPoints(landmarks5, box, 0.02, createRandom(index).fork('points')));
    const toPhoto = cropToPhoto(start.frame, SIZE), crop = resampleCrop(photo, toPhoto, SIZE), face = seen.map((_, v) => v).filter((v) => model.topology.faceMask[v] > 0.5);
    const score = (scene) => {
      const { vertices } = decodeMesh(model, scene.latent), { colors, faceMask } = renderFace(scene, model, SIZE), projection = photoProjection(scene.camera, toPhoto, SIZE);
      const points = face.map((v) => projectPoint(projection, vertices, 3 * v)), truth = face.map((v) => seen[v]), off = points.map(([x, y], i) => Math.hypot(x - truth[i][0], y - truth[i][1]));
      let sum = 0, weight = 0;
      faceMask.forEach((w, p) => { weight += w; for (let k = 0; k < 3; k++) sum += (w * Math.abs(colors[3 * p + k] - crop.pixels[3 * p + k])) / 3; });
      const reprojection = (off.reduce((a, b) => a + b, 0) / off.length / start.frame.side) * SIZE, color = weight > 0 ? (255 * sum) / weight : 255;
      return { reprojection, color, recovered: reprojection <= 1 && color <= 2, size: spread(points) / spread(truth) };
    };
    return { kind: 'scene', crop, start, score };
  });
}

function percent(x) { return x === null ? '' : `${(100 * x).toFixed(2)} %`; }
function fixed(x, digits = 2) { return x === null ? '' : x.toFixed(digits); }

function table(all) {
  return ['| weighting | norm | strength | portraits: NME | without the outline | colour | size | scenes: reprojection, px | colour / 255 | size | recovered |', '|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...all.map((r) => `| ${[r.weighting, r.norm, r.strength, percent(r.nme), percent(r.nmeInner), fixed(r.color, 4), fixed(r.size, 3), fixed(r.reprojection), fixed(r.sceneColor, 1), fixed(r.sceneSize, 3), r.recovered].join(' | ')} |`)].join('\n');
}

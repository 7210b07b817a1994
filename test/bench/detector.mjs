// Finding faces: the forward pass of the MobileNet-0.25 detector at 640 x 480 and 640 x 640, batch 1, and all that a photo costs, by stage.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { createRandom } from '../../dist/core/random.js';
import { resolveDetectorConfig } from '../../dist/detector/config.js';
import { detectFaces } from '../../dist/detector/detect-faces.js';
import { Detector } from '../../dist/detector/detector.js';
import { detectorGraph } from '../../dist/detector/detector-graph.js';
import { detectorFromTensors } from '../../dist/detector/detector-tensors.js';
import { scaledImage } from '../../dist/detector/scale-pixels.js';
import { readPth } from '../../dist/io/pth.js';
import { initialState } from '../../dist/nn/state-dict.js';
import { measure, measureAsync, measureByTurns, round } from './measure.mjs';

const SIZES = [[640, 480], [640, 640]], WEIGHTS = '../data/weights/retinaface_mobilenet0.25.pth', PHOTO = '../data/photos/two_people.jpg', EXAMPLE = new URL('../../meshes/example.jpg', import.meta.url);

/** Times the network as the peers do; then decoding a photo, finding its faces from pixels, and the stages of the quickest time. */
export async function* benchDetector({ name, cores, peers, budget }) {
  const weights = new URL(WEIGHTS, peers), published = existsSync(weights), found = new URL(PHOTO, peers), photo = existsSync(found) ? found : EXAMPLE;
  const detector = published ? detectorFromTensors(await readPth(readFileSync(weights))) : drawnDetector();
  yield { note: `detector: ${published ? 'the published weights' : `drawn weights: ${fileURLToPath(weights)} is absent`}, faces of ${fileURLToPath(photo)}` };
  const record = (item, work, times) => ({ item, name, work, cores, ...times });
  for (const [width, height] of SIZES) {
    const size = `${width}x${height}`, waves = tf.tensor4d(Float32Array.from({ length: 3 * width * height }, (_, i) => Math.sin(i) * 70), [1, height, width, 3]), before = tf.memory().numTensors;
    yield record('detector', `forward ${size}`, measure(() => forward(detector, waves), { budget }));
    yield { note: `detector: ${tf.memory().numTensors - before} tensors left by the repeated passes` };
    waves.dispose();

    const bytes = await sharp(readFileSync(photo)).resize(width, height, { fit: 'fill' }).jpeg().toBuffer(), decode = () => sharp(bytes).removeAlpha().raw().toBuffer();
    const decoding = await measureAsync(decode, { budget }), image = { width, height, channels: 3, data: new Uint8Array(await decode()) };
    const input = scaledImage(image, detector.config.pixels), pass = () => forward(detector, input), { faces, stages } = await quickestStages(detector, image, budget);
    const [alone, whole] = await measureByTurns([pass, () => detectFaces(detector, image)], { budget });
    input.dispose();
    yield record('detect from pixels', size, whole);
    yield { note: `detector: ${faces} faces at ${size}; detect takes ${(whole.ms_min / alone.ms_min).toFixed(2)} of the network's own time` };
    const split = { 'image decoding': decoding.ms_min, ...stages }, total = Object.values(split).reduce((sum, ms) => sum + ms, 0);
    for (const [stage, ms] of Object.entries(split)) yield { ...record('detect stage', `${size}, split`, { ms_min: round(ms), ms_median: round(ms), n: 1 }), name: stage, share: round(ms / total) };
  }
  detector.dispose();
}

/** One pass, its answers on the host. */
const forward = (detector, input) => tf.tidy(() => {
  const { logits, boxDeltas, landmarkDeltas } = detector.predictScaled(input);
  for (const tensor of [logits, boxDeltas, landmarkDeltas]) tensor.dataSync();
});

async function quickestStages(detector, image, budget) {
  let quickest = { total: Infinity };
  for (const end = performance.now() + 1000 * budget; performance.now() < end;) {
    const stages = {}, outside = 'pixels in, answers out, post-processing', begin = performance.now();
    let last = begin;
    const mark = (stage) => {
      const now = performance.now();
      stages[stage] = (stages[stage] ?? 0) + now - last;
      last = now;
    };
    const timed = { config: detector.config, predictScaled(input) {
      mark(outside);
      const predictions = detector.predictScaled(input, { onNode: ({ stage }) => mark(stage) });
      mark('heads'); // their maps as rows of anchors
      return predictions;
    } };
    const faces = (await detectFaces(timed, image)).length;
    mark(outside);
    if (last - begin < quickest.total) quickest = { total: last - begin, stages, faces };
  }
  return quickest;
}

function drawnDetector() {
  const config = resolveDetectorConfig('mobilenet0.25');
  return new Detector(config, initialState(detectorGraph(config).graph, createRandom(1)));
}

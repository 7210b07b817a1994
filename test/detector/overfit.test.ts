import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { assignTargets } from '../../src/detector/assign-targets.ts';
import { resolveDetectorConfig } from '../../src/detector/config.ts';
import { detectFaces } from '../../src/detector/detect-faces.ts';
import { Detector } from '../../src/detector/detector.ts';
import { createDetector } from '../../src/detector/detector-tensors.ts';
import { MULTI_TASK_LOSS_PRESETS } from '../../src/detector/loss-presets.ts';
import { multiTaskLoss } from '../../src/detector/multi-task-loss.ts';
import type { PixelImage } from '../../src/io/image.ts';
import { describeOnBackends } from '../support/backends.ts';

const SIZE = 64, BOX = [14, 10, 46, 50] as const;

/** A bright disc with two dark eyes on noise: a face as far as anchors are concerned. */
function drawnFace(): PixelImage {
  const data = new Uint8Array(3 * SIZE * SIZE), [x1, y1, x2, y2] = BOX;
  for (let y = 0, o = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++, o += 3) {
      const u = (2 * (x + 0.5 - x1)) / (x2 - x1) - 1, v = (2 * (y + 0.5 - y1)) / (y2 - y1) - 1, isEye = Math.hypot(Math.abs(u) - 0.4, v + 0.2) < 0.2;
      const level = isEye ? 20 : u * u + v * v < 1 ? 220 : (Math.imul(x * 131 + y * 71, 0x9e3779b1) >>> 24) / 3;
      data.set([level, level * 0.8, level * 0.7], o);
    }
  }
  return { width: SIZE, height: SIZE, channels: 3, data };
}

describeOnBackends('training the light detector on one picture', (backend) => {
  // Plain loops would take minutes for the gradients of the filters.
  it.skipIf(backend === 'cpu')('finds its face after some steps through the whole network, deformable or not, and keeps no tensor', async () => {
    for (const [deformable, steps] of [[false, 40], [true, 6]] as const) {
      const config = resolveDetectorConfig('mobilenet0.25', { deformable }), { matching, ...loss } = MULTI_TASK_LOSS_PRESETS.published, image = drawnFace();
      const detector = createDetector(config, 3), optimizer = tf.train.adam(3e-3), variables = Object.values(detector.network.trained);
      const points = [[22, 26], [38, 26], [30, 32], [23, 40], [37, 40]] as [number, number][];
      const targets = [assignTargets(detectorAnchors(config, SIZE, SIZE), [{ box: BOX, landmarks: points }], { variances: config.variances, landmarks: 5, matching })];
      const images = tf.tensor4d(Float32Array.from(image.data), [1, SIZE, SIZE, 3]);
      const step = (): number => {
        const { value, grads } = tf.variableGrads(() => multiTaskLoss(detector.predict(images, true), targets, { ...loss, matching }).total, variables), total = value.dataSync()[0]!;
        optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
        tf.dispose([value, grads]);
        return total;
      };
      const first = step(), before = tf.memory().numTensors;
      let last = first;
      for (let i = 0; i < steps; i++) last = step();
      expect(tf.memory().numTensors).toBe(before);
      expect(last).toBeLessThan((deformable ? 0.8 : 0.2) * first);
      if (deformable) continue;
      // Statistics that moved by a tenth a step are those of the picture by now: the trained numbers, folded, find the face.
      const trained = new Detector(config, detector.network.state()), [face] = await detectFaces(trained, image, { threshold: 0.3 });
      for (let k = 0; k < 4; k++) expect(Math.abs(face!.box[k]! - BOX[k]!)).toBeLessThan(6);
    }
  });
});

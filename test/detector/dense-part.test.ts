import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { assignTargets } from '../../src/detector/assign-targets.ts';
import { resolveDetectorConfig } from '../../src/detector/config.ts';
import { createDenseBranch } from '../../src/detector/dense-branch.ts';
import { densePart } from '../../src/detector/dense-part.ts';
import type { FaceTarget } from '../../src/detector/face-target.ts';
import { MULTI_TASK_LOSS_PRESETS } from '../../src/detector/loss-presets.ts';
import { multiTaskLoss } from '../../src/detector/multi-task-loss.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { noisePhoto } from '../support/egg-scene.ts';
import { eggModel } from '../support/face-model.ts';
import { normals } from '../support/graphs.ts';

const [H, W] = [64, 96], anchors = detectorAnchors(resolveDetectorConfig('mobilenet0.25'), H, W), A = anchors.length / 4;
const FACES: FaceTarget[][] = [[{ box: [8, 4, 64, 62], landmarks: [[24, 22], [44, 24], [34, 34], [26, 46], [42, 47]] }, { box: [70, 5, 86, 23], landmarks: null }], []];
const TARGETS = FACES.map((list) => assignTargets(anchors, list, { variances: null, landmarks: 5, matching: MULTI_TASK_LOSS_PRESETS.published.matching }));
const images = (): tf.Tensor4D => tf.tensor4d(Float32Array.from(noisePhoto(W, 2 * H).data, (x) => x / 255), [2, H, W, 3]);
const random = (width: number, seed: number, scale = 1): tf.Tensor3D => tf.tensor3d(Float32Array.from(normals(2 * A * width, seed), (x) => scale * x), [2, A, width]);

describeOnBackends('densePart', () => {
  it('joins the multi-task loss: the gradient reaches the numbers of the anchors that were looked at, and no others', () => {
    const model = eggModel(), branch = createDenseBranch({ model, size: 24, landmarkWeight: 10 });
    expectNoLeak(() => tf.tidy(() => {
      const others = { logits: random(2, 1), boxDeltas: random(4, 2), landmarkDeltas: random(10, 3) }, inputs = { images: images(), anchors, targets: TARGETS, faces: FACES, step: 3 };
      let faces = 0;
      const grad = tf.grad((dense) => {
        const predictions = { ...others, dense: dense as tf.Tensor3D }, { total, dense: part, counts, classification, box, landmarks } = multiTaskLoss(predictions, TARGETS, {}, densePart(branch, predictions, inputs));
        const at = (x: tf.Scalar): number => x.dataSync()[0]!;
        expectClose([at(total)], [at(classification) + 0.25 * at(box) + 0.1 * at(landmarks) + 0.01 * at(part)], { rtol: 1e-5 });
        faces = counts.denseFaces;
        return total;
      })(random(144, 4, 0.3)).dataSync();
      expect(faces).toBe(1); // of two faces one is large enough
      const rows = Array.from({ length: 2 * A }, (_, n) => grad.subarray(144 * n, 144 * (n + 1))), reached = [...rows.keys()].filter((n) => rows[n]!.some((g) => g !== 0));
      expect(reached).toHaveLength(1);
      expect(TARGETS[0]!.face[reached[0]!]).toBe(0);
      expect(rows[reached[0]!]!.filter((g) => g !== 0).length).toBeGreaterThan(10);
    }));
    branch.dispose();
  });

  it('draws nothing before its first step and where there is no face, and still has a gradient', () => tf.tidy(() => {
    const later = createDenseBranch({ model: eggModel(), size: 24, start: 5 }), now = createDenseBranch({ model: eggModel(), size: 24 });
    const cases = [[later, { targets: TARGETS, faces: FACES }], [now, { targets: [TARGETS[1]!, TARGETS[1]!], faces: [[], []] }]] as const;
    for (const [branch, of] of cases) {
      const { value, grad } = tf.valueAndGrad((dense) => densePart(branch, { dense: dense as tf.Tensor3D }, { images: images(), anchors, ...of, step: 4 }).loss)(random(144, 4));
      expect([...value.dataSync(), ...grad.dataSync()].every((x) => x === 0)).toBe(true);
    }
    expect(densePart(later, { dense: random(144, 4) }, { images: images(), anchors, targets: TARGETS, faces: FACES, step: 4 })).toMatchObject({ ramp: 0, faces: 0 });
  }));

  it('throws without a dense head and on lists that do not fit', () => {
    const branch = createDenseBranch({ model: eggModel() }), inputs = { images: tf.zeros<tf.Rank.R4>([2, H, W, 3]), anchors, targets: TARGETS, faces: FACES, step: 0 };
    expect(() => densePart(branch, { dense: null }, inputs)).toThrow('densePart: expected predictions to have the numbers of a dense head (the configuration `dense: true`), got none');
    expect(() => densePart(branch, { dense: tf.zeros([2, A, 144]) }, { ...inputs, faces: [] })).toThrow('densePart: expected faces to have 2 entries, one a picture, got 0');
  });
});

import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { assignTargets } from '../../src/detector/assign-targets.ts';
import { resolveDetectorConfig } from '../../src/detector/config.ts';
import { createDenseBranch } from '../../src/detector/dense-branch.ts';
import { densePart } from '../../src/detector/dense-part.ts';
import { createDetector } from '../../src/detector/detector-tensors.ts';
import type { FaceTarget } from '../../src/detector/face-target.ts';
import { MULTI_TASK_LOSS_PRESETS } from '../../src/detector/loss-presets.ts';
import { multiTaskLoss } from '../../src/detector/multi-task-loss.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { noisePhoto } from '../support/egg-scene.ts';
import { eggModel } from '../support/face-model.ts';
import { normals } from '../support/graphs.ts';

const [H, W] = [64, 96], config = resolveDetectorConfig('mobilenet0.25', { dense: true }), anchors = detectorAnchors(config, H, W), { published } = MULTI_TASK_LOSS_PRESETS;
const FACES: FaceTarget[][] = [[{ box: [8, 4, 64, 62], landmarks: [[24, 22], [44, 24], [34, 34], [26, 46], [42, 47]] }]];
const TARGETS = FACES.map((list) => assignTargets(anchors, list, { variances: config.variances, landmarks: 5, matching: published.matching }));

describeOnBackends('a training step of the whole detector', (backend) => {
  it('sends the gradient of the four parts to every weight that has a say, that of the dense part to its head, as differences have it', (context) => {
    if (!tf.getKernel('Conv2DBackpropFilter', backend)) context.skip(`${backend} has no kernel Conv2DBackpropFilter`);
    const detector = createDetector(config, 3), branch = createDenseBranch({ model: eggModel(), size: 24 }), head = detector.network.variable('DenseHead.1.conv1x1.weight'), shape = head.shape;
    // Not at zero, where weights of the latent have no say in the untrained egg.
    head.assign(tf.tidy(() => tf.tensor(Float32Array.from(normals(head.size, 1), (x) => 0.02 * x), shape)));
    expectNoLeak(() => tf.tidy(() => {
      const pixels = tf.tensor4d(Float32Array.from(noisePhoto(W, H).data), [1, H, W, 3]), images = pixels.div<tf.Tensor4D>(255);
      const loss = (): tf.Scalar => {
        const predictions = detector.predict(pixels);
        return multiTaskLoss(predictions, TARGETS, { ...published, weights: { ...published.weights, dense: 1 } }, densePart(branch, predictions, { images, anchors, targets: TARGETS, faces: FACES, step: 0 })).total;
      };
      const { trained } = detector.network, { grads } = tf.variableGrads(loss as () => tf.Scalar, Object.values(trained));
      const silent = Object.entries(trained).filter(([, variable]) => !grads[variable.name]?.dataSync().some((g) => g !== 0)).map(([path]) => path);
      // The faces are on the second level, the hard background on the first two.
      expect(silent.filter((path) => !/^(BboxHead|LandmarkHead|DenseHead)\.0\.|^(\w+Head\.2|ssh3)\./.test(path))).toEqual([]);
      expect(Object.values(grads).every((g) => g.dataSync().every(Number.isFinite))).toBe(true);
      // The light of both anchors of a cell: it moves no edge of the mesh, so that differences meet no jump.
      const direction = Float32Array.from(normals(head.size, 2), (x, i) => ((i % 288) % 144 >= 135 ? 0.1 * x : 0)), slope = grads[head.name]!.dataSync<'float32'>().reduce((sum, g, i) => sum + g * direction[i]!, 0);
      const start = head.dataSync<'float32'>().slice(), at = (step: number): number => tf.tidy(() => {
        head.assign(tf.tensor(start.map((x, i) => x + step * direction[i]!), shape));
        return loss().dataSync()[0]!;
      });
      const numeric = (at(0.02) - at(-0.02)) / 0.04;
      expect(Math.abs(slope)).toBeGreaterThan(1e-3);
      expectClose([numeric], [slope], { rtol: 0.03, atol: 0 });
    }));
    branch.dispose();
    detector.dispose();
  });
});

import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { applyAffine, cropToPhoto, frameFromBox, invertAffine } from '../../src/dense/crop-frame.ts';
import { resampleCrop } from '../../src/dense/resample.ts';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { resolveDetectorConfig } from '../../src/detector/config.ts';
import { Detector } from '../../src/detector/detector.ts';
import { createDetector } from '../../src/detector/detector-tensors.ts';
import { denseHeadState } from '../../src/detector/dense-head-state.ts';
import { anchorKind, headSample, type HeadView } from '../../src/detector/head-sample.ts';
import { scaledImage } from '../../src/detector/scale-pixels.ts';
import { applyHead } from '../../src/detector/train-dense-head.ts';
import { describeOnBackends } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { noisePhoto } from '../support/egg-scene.ts';
import { normals } from '../support/graphs.ts';

const config = resolveDetectorConfig('mobilenet0.25'), KIND = anchorKind('test', config, 64), PHOTO = noisePhoto(120, 90);
const LABEL = { box: [40, 20, 80, 75], landmarks5: [[50, 40], [70, 41], [60, 50], [52, 62], [69, 61]] } as const;
const VIEWS: HeadView[] = [{ shift: [0, 0], scale: 1, roll: 0, flip: false }, { shift: [5, -7], scale: 1.2, roll: 0.3, flip: false }, { shift: [-3, 2], scale: 0.9, roll: -0.2, flip: true }];

it('finds an anchor by its size', () => {
  expect(KIND).toEqual({ size: 64, level: 1, slot: 0, stride: 16 });
  expect(anchorKind('test', config, 512)).toEqual({ size: 512, level: 2, slot: 1, stride: 32 });
  expect(() => anchorKind('test', config, 100)).toThrow('test: expected anchor to have one of the sizes 16,32,64,128,256,512, got 100');
});

describeOnBackends('headSample', () => {
  it.each(VIEWS)('puts the face into the anchor: %o', (view) => {
    const detector = createDetector(config, 1, {}, 'folded'), { picture, window, frame } = headSample(detector, KIND, PHOTO, LABEL, view);
    detector.dispose();
    const [x1, y1, x2, y2] = window.box, points = window.landmarks;
    expect([picture.width, picture.height, x2 - x1, y2 - y1]).toEqual([128, 128, 64, 64]);
    expect([(x1 + x2) / 2, (y1 + y2) / 2].every((c) => c % 16 === 8)).toBe(true); // the middle of a cell
    // The face's middle is where it was put, within half a cell of the anchor's.
    expect(Math.max(Math.abs((x1 + x2) / 2 - 64 - view.shift[0]), Math.abs((y1 + y2) / 2 - 64 - view.shift[1]))).toBeLessThanOrEqual(8);
    expect(points[0]![0]).toBeLessThan(points[1]![0]);
    expect(points[3]![0]).toBeLessThan(points[4]![0]);
    const size = (p: readonly (readonly [number, number])[]): number => Math.hypot(p[1]![0] - p[0]![0], p[1]![1] - p[0]![1]);
    expect(size(points) / size(LABEL.landmarks5)).toBeCloseTo((64 * view.scale) / Math.sqrt(40 * 55), 6);
    if (view.flip) return;
    // The frame shows on the photograph what the window shows in the picture.
    const onPhoto = cropToPhoto(frame, 24), inPicture = cropToPhoto(frameFromBox(window.box, 1), 24);
    points.forEach((p, i) => expectClose(applyAffine(invertAffine(inPicture), p), applyAffine(invertAffine(onPhoto), LABEL.landmarks5[i]!), { atol: 1e-6 }));
    expectClose(applyAffine(invertAffine(cropToPhoto(frame, 64)), [60, 47.5]), [64 + view.shift[0] - x1, 64 + view.shift[1] - y1], { atol: 1e-6 });
    const a = resampleCrop(PHOTO, onPhoto, 24).pixels, b = resampleCrop(picture, inPicture, 24).pixels;
    expect(a.reduce((sum, x, i) => sum + Math.abs(x - b[i]!), 0) / a.length).toBeLessThan(0.02);
  });

  it('gives the features from which a dense head in the detector says the same numbers at that anchor', () => tf.tidy(() => {
    const base = createDetector(config, 2), C = config.channels, { picture, features, window } = headSample(base, KIND, PHOTO, LABEL, VIEWS[0]!);
    const head = { weight: Float32Array.from(normals(C * 144, 3)), bias: Float32Array.from(normals(144, 4)) }, dense = { ...config, dense: true };
    const whole = new Detector(dense, { ...base.network.state(), ...denseHeadState(config, KIND, head) }, 'training'), said = whole.predictScaled(scaledImage(picture, config.pixels)).dense!;
    const anchors = detectorAnchors(config, 128, 128), [x1, y1] = window.box, at = Array.from({ length: anchors.length / 4 }, (_, a) => a).find((a) => anchors[4 * a] === x1 + 32 && anchors[4 * a + 1] === y1 + 32 && anchors[4 * a + 2] === 64)!;
    const expected = applyHead(head, features), largest = expected.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    expect(features).toHaveLength(C);
    expectClose(said.slice([0, at, 0], [1, 1, 144]).dataSync(), expected, { rtol: 0, atol: 1e-5 * largest });
    expect(said.abs().sum().dataSync()[0]).toBeGreaterThan(said.slice([0, at, 0], [1, 1, 144]).abs().sum().dataSync()[0]!);
    // The other anchor of each cell says the mean face.
    expect(said.slice([0, at + 1, 0], [1, 1, 144]).abs().max().dataSync()[0]).toBe(0);
    base.dispose();
    whole.dispose();
  }));
});

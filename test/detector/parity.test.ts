import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import type { Detector } from '../../src/detector/detector.ts';
import { detectorFromTensors } from '../../src/detector/detector-tensors.ts';
import { scaledImage } from '../../src/detector/scale-pixels.ts';
import { readImageFile } from '../../src/io/node-image.ts';
import { describeOnBackends } from '../support/backends.ts';
import { readNpz } from '../support/npz.ts';
import { goldenFloats, goldenItems, goldenPath, HAS_PUBLISHED, publishedTensors } from '../support/published-detector.ts';

/** Largest difference over the largest magnitude of what is expected. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let most = 0, magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    magnitude = Math.max(magnitude, Math.abs(expected[i]!));
    if (!(Math.abs(actual[i]! - expected[i]!) <= most)) most = Math.abs(actual[i]! - expected[i]!);
  }
  return most / magnitude;
}

/** The golden's name of each map: backbone, pyramid, and the context modules of the first and the last level. */
const namedMaps = ({ layout: { backbone, pyramid, context } }: Detector): Record<string, string> => ({
  ...Object.fromEntries(backbone.map((name, i) => [`body${i}`, name])), ...Object.fromEntries(pyramid.map((name, i) => [`fpn${i}`, name])), ssh10: context[0]!, ssh30: context[2]!,
});

const load = async (name: string, detector: Detector): Promise<tf.Tensor4D> => scaledImage(await readImageFile(goldenPath(`${name}.png`)), detector.config.pixels);

/** Items whose picture is here as it was decoded then; of the others the manifest has the detections alone. */
const withPicture = HAS_PUBLISHED ? Object.keys(goldenItems()).filter((name) => existsSync(goldenPath(`${name}.png`))) : [];

describeOnBackends(`the published network${HAS_PUBLISHED ? '' : ' [skipped: no ../shared/data]'}`, (backend) => {
  it.skipIf(!HAS_PUBLISHED)('gives the golden feature maps, context outputs, boxes, classes and landmarks', async () => {
    const detector = detectorFromTensors(await publishedTensors());
    for (const name of backend === 'cpu' ? withPicture.filter((item) => item.endsWith('_160')) : withPicture) {
      const input = await load(name, detector), { logits, boxDeltas, landmarkDeltas } = detector.predictScaled(input);
      const found: Record<string, [ArrayLike<number>, Float32Array]> = {
        loc: [boxDeltas.dataSync(), goldenFloats(`${name}.loc.f32`)], conf: [tf.softmax(logits).dataSync(), goldenFloats(`${name}.conf.f32`)], landm: [landmarkDeltas.dataSync(), goldenFloats(`${name}.landm.f32`)],
      };
      if (goldenItems()[name]!.features) {
        const maps = namedMaps(detector), values = detector.network.run(input, { outputs: Object.values(maps) }), golden = readNpz(goldenPath(`${name}.features.npz`));
        expect(Object.keys(maps).sort()).toEqual(Object.keys(golden).sort());
        for (const [key, map] of Object.entries(maps)) found[key] = [tf.transpose(values[map]!, [0, 3, 1, 2]).dataSync(), golden[key]!];
      }
      for (const [what, [actual, expected]] of Object.entries(found)) {
        const off = difference(actual, expected);
        if (process.env.RETINAMESH_PARITY) console.log(`| ${backend} | ${name} | ${what} | ${off.toExponential(1)} |`);
        expect(off, `${name} ${what}`).toBeLessThan(1e-4);
      }
    }
    detector.dispose();
  });

  it.skipIf(!HAS_PUBLISHED)('gives the same with its batch normalisation folded and not', async () => {
    const tensors = await publishedTensors(), [folded, plain] = (['folded', 'training'] as const).map((form) => detectorFromTensors(tensors, null, form)) as [Detector, Detector];
    const input = await load('astronaut_160', folded), names = [...Object.values(namedMaps(folded)), ...folded.layout.graph.outputs];
    const [fast, slow] = [folded, plain].map((detector) => detector.network.run(input, { outputs: names })) as [Record<string, tf.Tensor4D>, Record<string, tf.Tensor4D>];
    for (const name of names) expect(difference(fast[name]!.dataSync(), slow[name]!.dataSync()), name).toBeLessThan(1e-5);
    folded.dispose();
    plain.dispose();
  });
});

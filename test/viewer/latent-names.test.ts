import { existsSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { SHIPPED_MODEL } from '../../src/cli/load-model.ts';
import { decodeMesh } from '../../src/decoder/decode-mesh.ts';
import { readFaceModel } from '../../src/decoder/face-model.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { describeLatents } from '../../src/viewer/latent-names.ts';
import { eggModel } from '../support/face-model.ts';

const NO_MODEL = existsSync(SHIPPED_MODEL) ? '' : ' [skipped: no meshes/head.safetensors]';

beforeAll(useWasmBackend);

describe('describeLatents', () => {
  it('names a direction after what was built into it', () => {
    const { decoder, topology } = eggModel(), { linearShape, linearColor } = (() => {
      const { parameters } = decoder;
      return { linearShape: parameters['linearShape.weight']!, linearColor: parameters['linearColor.weight']! };
    })();
    // Direction 0 only blows the egg up, direction 1 only brightens it; the convolutions, random so far, are silenced.
    for (const variable of Object.values(decoder.parameters)) tf.tidy(() => variable.assign(tf.zerosLike(variable)));
    const level = decoder.hierarchy.levels[2]!.vertices, rows = (variable: tf.Variable, row: number, values: (i: number) => number): void => tf.tidy(() => {
      const [inputs, outputs] = variable.shape as [number, number];
      variable.assign(tf.tensor2d(Float32Array.from({ length: inputs * outputs }, (_, i) => (Math.floor(i / outputs) === row ? values(i % outputs) : 0)), [inputs, outputs]));
    });
    rows(linearShape, 0, (i) => 0.02 * level[i]!);
    rows(linearColor, 1, () => 0.4);
    const [size, light] = describeLatents(decoder, topology, 2);
    expect(size).toMatchObject({ index: 0, kind: 'shape', name: expect.stringMatching(/^shape: head larger/), coloring: 0 });
    expect(size!.effects[0]!.share).toBeGreaterThan(0.5);
    expect(light).toMatchObject({ index: 1, kind: 'colour', movement: 0 });
    expect(light!.name).toMatch(/^colour: .*lighter/);
  });

  it('refuses more directions than there are', () => {
    const { decoder, topology } = eggModel();
    expect(() => describeLatents(decoder, topology, 129)).toThrow(/describeLatents: expected count to have a whole number from 1 to 128, got 129/);
    expect(() => describeLatents(decoder, topology, 0)).toThrow(/got 0/);
  });

  it.skipIf(NO_MODEL)(`says what each leading direction of the shipped head does${NO_MODEL}`, () => {
    const { decoder, topology } = readFaceModel(readFileSync(SHIPPED_MODEL)), rows = describeLatents(decoder, topology, 3);
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2]);
    // Brows that rise with a head that shrinks are another head.
    const beyondFace = ({ index }: { index: number }): number => {
      const [low, high] = [-2, 2].map((z) => decodeMesh({ decoder, topology }, Array.from({ length: 128 }, (_, i) => (i === index ? z : 0))).vertices) as [Float32Array, Float32Array];
      const moved = (isFace: boolean): number => Math.sqrt(low.reduce((sum, x, i) => sum + (topology.faceMask[Math.floor(i / 3)]! > 0.5 === isFace ? (x - high[i]!) ** 2 : 0), 0) / topology.faceMask.filter((x) => x > 0.5 === isFace).length);
      return moved(false) / moved(true);
    };
    expect(rows.filter((row) => beyondFace(row) > 0.6 && /expression: (brows|lips|mouth (wider|narrower))/.test(row.name))).toEqual([]);
    for (const { name, kind, movement, coloring, effects } of rows) {
      expect(name).toMatch(new RegExp(`^${kind}: [a-z]`));
      expect(movement + coloring).toBeGreaterThan(0.01);
      expect(effects[0]!.share).toBeGreaterThanOrEqual(effects[1]!.share);
    }
  });
});

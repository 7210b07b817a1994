import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { SHIPPED_MODEL } from '../../src/cli/load-model.ts';
import { HEAD_REGIONS } from '../../src/data/head-topology.ts';
import { type FaceModel, readFaceModel } from '../../src/decoder/face-model.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { createHeadRuler, HEAD_MEASURES, type HeadRuler } from '../../src/viewer/head-measures.ts';
import { colouredEgg } from '../support/viewer.ts';

const NO_MODEL = existsSync(SHIPPED_MODEL) ? '' : ' [skipped: no meshes/head.safetensors]';

describe.skipIf(NO_MODEL)(`the measures of the shipped head${NO_MODEL}`, () => {
  let model: FaceModel, ruler: HeadRuler, mean: Float32Array, colors: Float32Array;
  beforeAll(async () => {
    await useWasmBackend();
    model = readFaceModel(readFileSync(SHIPPED_MODEL));
    ({ vertices: mean, colors } = model.decoder.statistics);
    ruler = createHeadRuler(model.topology, mean);
  });

  /** What has changed by more than a thousandth of all that a measure is, in words. */
  function changes(vertices: Float32Array, painted = colors): string[] {
    const before = ruler({ vertices: mean, colors }), after = ruler({ vertices, colors: painted });
    return HEAD_MEASURES.flatMap(({ rises, falls }, m) => (Math.abs(after[m]! - before[m]!) > 2e-3 * Math.max(1, Math.abs(before[m]!)) ? [after[m]! > before[m]! ? rises : falls] : []));
  }
  const moved = (marks: readonly number[], axis: number, by: number): Float32Array => {
    const out = mean.slice();
    for (const i of marks) out[3 * model.topology.landmarks68[i]! + axis]! += by;
    return out;
  };

  it('calls a larger head larger and nothing else', () => expect(changes(mean.map((x) => 1.05 * x))).toEqual(['head larger']));

  it('tells expressions by the landmarks that they move', () => {
    expect(changes(moved([65, 66, 67], 1, -8))).toContain('mouth opens');
    expect(changes(moved([40, 41, 46, 47], 1, 2))).toContain('eyes close');
    expect(changes(moved([48, 54], 1, 5))).toContain('mouth corners up');
    expect(changes(moved([17, 18, 19, 20, 21, 22, 23, 24, 25, 26], 1, 4))).toEqual(expect.arrayContaining(['brows up']));
  });

  it('tells shapes by theirs', () => {
    expect(changes(moved([31], 0, -3))).toEqual(['nose wider']);
    expect(changes(moved([4], 0, -5))).toEqual(['jaw wider']);
    expect(changes(moved([8], 2, 6))).toContain('chin forward');
  });

  it('tells colours by region', () => {
    const darker = (region: string): Float32Array => colors.map((x, i) => (HEAD_REGIONS[model.topology.region[Math.floor(i / 3)]!] === region ? 0.6 * x : x));
    expect(changes(mean, darker('brow'))).toEqual(['brows darker']);
    expect(changes(mean, darker('lips'))).toContain('lips darker');
    expect(changes(mean, darker('skin'))).toContain('skin darker');
  });
});

it('measures nothing where a topology has no such region, rather than NaN', () => {
  const { vertices, colors } = colouredEgg(), V = vertices.length / 3, some = Int32Array.from({ length: 68 }, (_, i) => i * 9);
  const ruler = createHeadRuler({ faces: new Int32Array(0), faceMask: new Float32Array(V), region: new Uint8Array(V).fill(5), landmarks68: some, landmarks5: some.slice(0, 5), mirror: new Int32Array(V) }, vertices);
  expect([...ruler({ vertices, colors })].every(Number.isFinite)).toBe(true);
  expect(ruler({ vertices, colors })).toHaveLength(HEAD_MEASURES.length);
});

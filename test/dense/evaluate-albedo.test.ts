import { beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { albedoPicture } from '../../src/dense/albedo-picture.ts';
import { bakedLight, evaluateAlbedo, randomSideLight, swapHeadLight } from '../../src/dense/evaluate-albedo.ts';
import { litColors } from '../../src/dense/lit-colors.ts';
import { mirrorPortrait } from '../../src/dense/mirror-portrait.ts';
import { sceneNumbers } from '../../src/dense/scene.ts';
import { seenVertices } from '../../src/dense/seen-vertices.ts';
import { mirrorLight, sideLight } from '../../src/dense/side-light.ts';
import { shadeFragmentsImpl } from '../../src/kernels/impl/shade-fragments.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { vertexNormals } from '../../src/mesh/vertex-normals.ts';
import { eggModel } from '../support/face-model.ts';

let model: ReturnType<typeof eggModel> & { metadata: Record<string, string> };
beforeAll(async () => {
  await useWasmBackend();
  model = { ...eggModel(), metadata: {} };
});

const frontal = sceneNumbers(new Float64Array(16));

it('measures how much of a light comes from one side', () => {
  const light = (x: number, point: number, ambient: number) => ({ lightPosition: [x, -10, 60], lightColor: [point, point, point], ambientColor: [ambient, ambient, ambient] });
  expect([sideLight(light(1000, 0.5, 0.5)), sideLight(light(-1000, 0.6, 0.2)), sideLight(light(1000, 0, 0.5)), sideLight(light(0, 1, 0)), sideLight(light(5, 0, 0))]).toEqual([0.5, expect.closeTo(-0.75, 12), 0, 0, 0]);
  expect(sideLight({ ...light(3, 1, 0), lightPosition: [300, -10, 460] })).toBeCloseTo(0.6, 12);
  const random = createRandom(3);
  for (let i = 0; i < 50; i++) {
    const drawn = randomSideLight(random);
    expect(sideLight(mirrorLight(drawn))).toBeCloseTo(-sideLight(drawn), 12);
    expect(Math.abs(sideLight(drawn))).toBeGreaterThan(0.15);
    expect(Math.abs(sideLight(drawn))).toBeLessThan(0.75);
  }
});

it('turns a photograph, its box and its points in a mirror, and back', () => {
  const photo = { width: 3, height: 2, channels: 3 as const, data: Uint8Array.from({ length: 18 }, (_, i) => i) }, face = { photo, box: [0, 0, 1, 2] as const, landmarks: [[0.5, 1], [1.5, 1.1], [1, 1.2], [0.25, 1.3], [1.75, 1.4]] as const };
  const mirrored = mirrorPortrait(face);
  expect([...mirrored.photo.data]).toEqual([6, 7, 8, 3, 4, 5, 0, 1, 2, 15, 16, 17, 12, 13, 14, 9, 10, 11]);
  expect(mirrored.box).toEqual([2, 0, 3, 2]);
  expect(mirrored.landmarks).toEqual([[1.5, 1.1], [2.5, 1], [2, 1.2], [1.25, 1.4], [2.75, 1.3]]);
  expect(mirrorPortrait(mirrored)).toEqual(face);
});

it('lights vertices as the renderer\'s reference lights pixels', () => {
  const { vertices, colors } = model.decoder.statistics, { faces } = model.topology, V = vertices.length / 3, illumination = { lightPosition: [800, 300, 900], lightColor: [0.5, 0.4, 0.3], ambientColor: [0.2, 0.3, 0.4] };
  // A pixel for each vertex, at a corner of a triangle.
  const faceIndex = Int32Array.from({ length: V }, (_, v) => Math.floor(faces.indexOf(v) / 3)), barycentrics = new Float32Array(3 * V), out = new Float32Array(3 * V);
  for (let v = 0; v < V; v++) barycentrics[3 * v + faces.indexOf(v) % 3] = 1;
  const lights = Float32Array.from([...illumination.lightPosition, ...illumination.lightColor, ...illumination.ambientColor]), normals = vertexNormals({ vertices, faces });
  shadeFragmentsImpl({ vertices, normals, colors, lights }, { faces, faceIndex, barycentrics }, out, { batch: 1, vertexCount: V, pixels: V }, 'srgb');
  litColors({ vertices, faces, colors }, illumination).forEach((x, i) => expect(x).toBeCloseTo(Math.min(1, out[i]!), 5));
});

it('sees the front of an egg and nothing of its back', () => {
  const { vertices } = model.decoder.statistics, seen = seenVertices({ vertices, faces: model.topology.faces }, frontal.camera), front = Array.from({ length: vertices.length / 3 }, (_, v) => v).filter((v) => vertices[3 * v + 2]! > 15);
  expect(front.filter((v) => !seen.includes(v))).toEqual([]);
  expect([...seen].filter((v) => vertices[3 * v + 2]! < -15)).toEqual([]);
});

it('finds the albedo of an egg that it drew, and bakes little of a side light into it', async () => {
  const { vertices, colors } = model.decoder.statistics, steps = { steps: [20, 20, 10, 60] } as const;
  const illumination = { lightPosition: [1200, 300, 900], lightColor: [0.5, 0.5, 0.5], ambientColor: [0.35, 0.35, 0.35] }, drawn = { head: { vertices, colors }, view: { camera: frontal.camera, illumination }, random: createRandom(2), index: 0 };
  const score = await evaluateAlbedo(drawn, model, steps), { swap, pictures } = await swapHeadLight(drawn, model, steps);
  expect(score.plain).toBeLessThan(0.1);
  expect(score.scaled).toBeLessThanOrEqual(score.plain);
  expect([Math.sign(score.side), Math.sign(score.fittedSide), ...pictures.map(({ fit }) => Math.sign(sideLight(fit.scene.illumination)))]).toEqual([1, 1, 1, -1]);
  expect(swap).toMatchObject({ index: 0, side: score.side });
  // The egg's own colours are not the same on both sides.
  for (const asymmetry of swap.asymmetry) expect(Math.abs(asymmetry - swap.trueAsymmetry)).toBeLessThan(0.04);
  expect(swap.litAsymmetry).toBeGreaterThan(0.1);
  expect(bakedLight(pictures[0].fit.scene, model)).toMatchObject({ side: score.fittedSide, asymmetry: swap.asymmetry[0], litAsymmetry: swap.litAsymmetry });
  expect(swap.difference).toBeLessThan(0.06);
  expect(Math.abs(swap.litSideExcess)).toBeLessThan(0.05);
  expect(albedoPicture(pictures[0], model)).toMatchObject({ width: 4 * 224, height: 224 });
}, 300_000);

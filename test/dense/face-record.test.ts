import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { formatScene } from '../../src/cli/face-files.ts';
import { applyAffine, cropToPhoto } from '../../src/dense/crop-frame.ts';
import { faceRecord } from '../../src/dense/face-record.ts';
import { projectPoint } from '../../src/dense/photo-projection.ts';
import { parseSceneRecord } from '../../src/dense/scene-record.ts';
import { EGG_BOX, eggScene } from '../support/egg-scene.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-face-record-'));
afterAll(() => rmSync(root, { recursive: true }));

it('speaks of the crop of the size asked for, all of it in photo pixels, and survives its file to the bit', async () => {
  const { scene, frame } = await eggScene(join(root, 'egg.safetensors')), face = scene.faces[0]!;
  const fit = { scene: { ...face, latent: Float32Array.from(face.latent) }, frame, ...face };
  const [small, large] = [faceRecord(fit, EGG_BOX, 64), faceRecord(fit, EGG_BOX, 256)];
  expect(small).toEqual(face);
  expect(large.projection.flat()).toEqual(small.projection.flat().map((x) => expect.closeTo(x, 6)));
  expect(applyAffine(large.cropToPhoto, [128, 128])).toEqual([expect.closeTo(130, 9), expect.closeTo(100, 9)]);
  expect(projectPoint(small.projection, face.camera.lookAt)).toEqual(applyAffine(cropToPhoto(frame, 64), [32, 32]).map((x) => expect.closeTo(x, 9)));
  const text = formatScene(scene);
  expect(parseSceneRecord(text)).toEqual(scene);
  expect(text.split('\n').length).toBeLessThan(300); // each list of numbers on one line
  expect(text).toContain('"box": [60, 20, 200, 180]');
});

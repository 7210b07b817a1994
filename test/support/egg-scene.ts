import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRandom } from '../../src/core/random.ts';
import { decodeMesh } from '../../src/decoder/decode-mesh.ts';
import { type FaceModel, readFaceModel } from '../../src/decoder/face-model.ts';
import { type Box, type CropFrame, cropToPhoto } from '../../src/dense/crop-frame.ts';
import { faceRecord } from '../../src/dense/face-record.ts';
import { photoProjection, projectPoint } from '../../src/dense/photo-projection.ts';
import type { SceneRecord } from '../../src/dense/scene-record.ts';
import { sceneNumbers } from '../../src/dense/scene.ts';
import type { PixelImage } from '../../src/io/image.ts';
import { writeEggFile } from './egg-file.ts';

/** A photograph of 300 x 200 that is no face: seeded noise over slopes of colour. */
export function noisePhoto(width = 300, height = 200): PixelImage {
  const random = createRandom(8), data = new Uint8Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / 3) % width, y = Math.floor(i / 3 / width);
    data[i] = Math.max(0, Math.min(255, 120 + 60 * Math.sin(x / 40 + i % 3) + 40 * Math.cos(y / 30) + random.normal(0, 12)));
  }
  return { width, height, channels: 3, data };
}

export const EGG_BOX: Box = [60, 20, 200, 180];

/** The egg's model from a file at `path`, and a scene as a fit would have found it: turned, rolled, on a tilted crop. */
export async function eggScene(path: string, { size = 64, backend = 'wasm' } = {}): Promise<{ model: FaceModel; scene: SceneRecord; frame: CropFrame }> {
  await writeEggFile(path);
  const bytes = readFileSync(path), model = readFaceModel(new Uint8Array(bytes), path), random = createRandom(3);
  const raw = Float64Array.from({ length: 144 }, (_, i) => random.normal() * (i < 128 ? 1 : 0.5)), scene = sceneNumbers(raw, 'roll');
  const frame: CropFrame = { center: [130, 100], side: 176, roll: 0.2 }, mesh = decodeMesh(model, scene.latent);
  const projection = photoProjection(scene.camera, cropToPhoto(frame, size), size), place = (v: number): [number, number] => projectPoint(projection, mesh.vertices, 3 * v);
  const { landmarks5, landmarks68 } = model.topology;
  const fit = { scene, frame, losses: { pixel: 0.0412, prior: 0.25 }, seconds: 2.5, landmarks5: Array.from(landmarks5, place), landmarks68: Array.from(landmarks68, place), landmarkVertices68: landmarks68 };
  return {
    model, frame,
    scene: {
      version: 1, photo: { width: 300, height: 200 }, model: { name: path.split('/').at(-1)!, sha256: createHash('sha256').update(bytes).digest('hex') },
      options: { size, backend }, faces: [faceRecord(fit, EGG_BOX, size)],
    },
  };
}

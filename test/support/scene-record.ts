import type { SceneRecord } from '../../src/dense/scene-record.ts';

/** A scene file of one face with a latent of `latentSize`. */
export function sceneRecord({ latentSize = 128, size = 24 } = {}): SceneRecord {
  return {
    version: 1, photo: { width: 300, height: 200 }, model: { name: 'test', sha256: 'ab'.repeat(32) }, options: { size, backend: 'wasm', box: [10, 20, 110, 140] },
    faces: [{
      box: [10, 20, 110, 140], landmarks5: Array.from({ length: 5 }, (_, i) => [i, 2 * i] as const), landmarks68: Array.from({ length: 68 }, (_, i) => [i, 2.5 * i] as const),
      landmarkVertices68: Array.from({ length: 68 }, (_, i) => i), latent: Array.from({ length: latentSize }, (_, i) => Math.fround(Math.sin(i))),
      camera: { eye: [0, -10, 1060], lookAt: [0, -10, 60], focalLength: 9, roll: 0.1 },
      illumination: { lightPosition: [0, 700, 1500], lightColor: [0.5, 0.5, 0.5], ambientColor: [0.5, 0.4, 0.5] },
      cropToPhoto: [[5, 0, 0], [0, 5, 20]], projection: [[500, 0, -60, 60_000], [0, -500, -80, 80_000], [0, 0, -1, 1060]], losses: { pixel: 0.04 }, seconds: 2.5,
    }],
  };
}

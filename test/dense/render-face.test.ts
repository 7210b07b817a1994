import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaceModel } from '../../src/decoder/face-model.ts';
import { applyAffine, invertAffine } from '../../src/dense/crop-frame.ts';
import { projectPoint } from '../../src/dense/photo-projection.ts';
import { renderFace } from '../../src/dense/render-face.ts';
import type { FaceRecord } from '../../src/dense/scene-record.ts';
import { expectNoLeak } from '../support/backends.ts';
import { eggScene } from '../support/egg-scene.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-render-face-'));
let model: FaceModel, face: FaceRecord;
beforeAll(async () => {
  const made = await eggScene(join(root, 'egg.safetensors'));
  model = made.model;
  face = made.scene.faces[0]!;
});
afterAll(() => rmSync(root, { recursive: true }));

describe('renderFace', () => {
  it('gives the same bits twice and leaves no tensor', () => {
    const first = renderFace(face, model, 48);
    expectNoLeak(() => expect(renderFace(face, model, 48)).toEqual(first));
    expect(first.mesh.vertices).toHaveLength(3 * 642);
  });

  it('shows the mesh where the projection of the record says, and nothing beside it', () => {
    const size = 64, { faceMask, colors, mesh } = renderFace(face, model, size), toCrop = invertAffine(face.cropToPhoto);
    const places = Array.from({ length: 642 }, (_, v) => applyAffine(toCrop, projectPoint(face.projection, mesh.vertices, 3 * v)));
    const extent = (k: 0 | 1): [number, number] => [Math.min(...places.map((p) => p[k])), Math.max(...places.map((p) => p[k]))];
    const shown = Array.from(colors.keys()).filter((i) => i % 3 === 0 && colors[i]! > 0).map((i) => [(i / 3) % size, Math.floor(i / 3 / size)] as const);
    for (const k of [0, 1] as const) {
      const [low, high] = extent(k), found = shown.map((p) => p[k]);
      // Its pixels reach as far as its vertices do, to the pixel.
      expect(Math.min(...found)).toBe(Math.max(0, Math.floor(low + 0.2)));
      expect(Math.abs(Math.max(...found) - Math.min(size - 1, Math.floor(high)))).toBeLessThanOrEqual(1);
    }
    // Face only where the topology says so: the back of the egg (mask 0) is drawn, but is no face.
    const face01 = Array.from(faceMask).filter((x) => x > 0).length;
    expect(face01).toBeGreaterThan(500);
    expect(face01).toBeLessThan(shown.length);
    expect(Math.max(...faceMask)).toBe(1);
  });

  it('averages samples: a finer picture, reduced, is the coarse one but for the rim', () => {
    const fine = renderFace(face, model, 96), coarse = renderFace(face, model, 48);
    let sum = 0, count = 0;
    for (let row = 0; row < 48; row++) {
      for (let col = 0; col < 48; col++) {
        const quarter = [0, 1, 96, 97].map((d) => 2 * row * 96 + 2 * col + d);
        if (!quarter.every((i) => fine.faceMask[i] === 1)) continue;
        count++;
        sum += Math.abs(quarter.reduce((s, i) => s + fine.colors[3 * i]!, 0) / 4 - coarse.colors[3 * (row * 48 + col)]!);
      }
    }
    expect(count).toBeGreaterThan(300);
    expect(sum / count).toBeLessThan(0.004);
  });

  it('refuses sizes and latents that do not fit', () => {
    expect(() => renderFace(face, model, 0)).toThrow('renderFace: expected size to have a whole number from 1 to 2048, got 0');
    expect(() => renderFace(face, model, 4000)).toThrow('got 4000');
    expect(() => renderFace({ ...face, latent: [1] }, model, 8)).toThrow('128 numbers, got 1');
  });
});

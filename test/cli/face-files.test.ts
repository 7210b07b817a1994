import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebIO } from '@gltf-transform/core';
import gltfValidator from 'gltf-validator';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faceFiles, formatScene } from '../../src/cli/face-files.ts';
import { applyAffine, invertAffine } from '../../src/dense/crop-frame.ts';
import { projectPoint } from '../../src/dense/photo-projection.ts';
import type { FaceRecord, SceneRecord } from '../../src/dense/scene-record.ts';
import { readObj } from '../../src/io/obj.ts';
import { readPly } from '../../src/io/ply.ts';
import { srgbToLinear } from '../../src/core/srgb.ts';
import { buildViewer } from '../support/viewer.ts';
import { eggScene, noisePhoto } from '../support/egg-scene.ts';
import { dataOf } from '../support/served.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-face-files-')), SIZE = 64;
let files: Record<string, Uint8Array | string>, scene: SceneRecord;
beforeAll(async () => {
  buildViewer();
  const made = await eggScene(join(root, 'egg.safetensors'), { size: SIZE });
  scene = made.scene;
  ({ files } = await faceFiles({ photo: noisePhoto(), title: 'a <b> & "c"', scene, model: made.model, modelBytes: readFileSync(join(root, 'egg.safetensors')) }));
});
afterAll(() => rmSync(root, { recursive: true }));

const pixels = async (name: string) => {
  const { data, info } = await sharp(files[name] as Uint8Array).raw().toBuffer({ resolveWithObject: true });
  return { data, ...info };
};

describe('faceFiles', () => {
  it('makes eight files, the scene last', () => {
    expect(Object.keys(files)).toEqual(['face.glb', 'face.ply', 'face.obj', 'crop.png', 'render.png', 'overlay.png', 'viewer.html', 'scene.json']);
    expect(files['scene.json']).toBe(formatScene(scene));
  });

  it('writes the same mesh in millimetres to OBJ, PLY and GLB; the GLB with normals, linear albedo, valid without warning', async () => {
    const obj = readObj(files['face.obj'] as string), ply = readPly(files['face.ply'] as Uint8Array), primitive = (await new WebIO().readBinary(files['face.glb'] as Uint8Array)).getRoot().listMeshes()[0]!.listPrimitives()[0]!;
    expect(obj.faces).toEqual(ply.faces);
    expect(Float32Array.from(obj.vertices)).toEqual(Float32Array.from(ply.vertices));
    expect(primitive.getAttribute('POSITION')!.getArray()).toEqual(Float32Array.from(obj.vertices));
    expect(primitive.getAttribute('NORMAL')!.getCount()).toBe(642);
    expect(primitive.getAttribute('COLOR_0')!.getArray()).toEqual(Float32Array.from(obj.colors!, (x) => srgbToLinear(Math.fround(x))));
    const { issues } = await gltfValidator.validateBytes(files['face.glb'] as Uint8Array);
    expect(issues).toMatchObject({ numErrors: 0, numWarnings: 0 });
  });

  it('gives the GLB a camera that overlays crop.png within half a pixel', async () => {
    const nodes = (await new WebIO().readBinary(files['face.glb'] as Uint8Array)).getRoot().listNodes(), node = nodes.find((n) => n.getCamera())!, m = node.getWorldMatrix();
    const { vertices } = readObj(files['face.obj'] as string), face = scene.faces[0]!, toCrop = invertAffine(face.cropToPhoto), cot = 1 / Math.tan(node.getCamera()!.getYFov() / 2);
    for (let v = 0; v < vertices.length / 3; v++) {
      const p = [0, 1, 2].map((k) => vertices[3 * v + k]! / 1000 - m[12 + k]!), [x, y, z] = [0, 1, 2].map((a) => p[0]! * m[4 * a]! + p[1]! * m[4 * a + 1]! + p[2]! * m[4 * a + 2]!) as [number, number, number];
      const seen = [(1 + (cot * x) / -z) * SIZE / 2, (1 - (cot * y) / -z) * SIZE / 2], meant = applyAffine(toCrop, projectPoint(face.projection, vertices, 3 * v));
      expect(Math.hypot(seen[0]! - meant[0], seen[1]! - meant[1])).toBeLessThan(0.01);
    }
  });

  it('gives crop.png and render.png the face mask as alpha, and overlay.png three panels', async () => {
    const crop = await pixels('crop.png'), render = await pixels('render.png'), overlay = await pixels('overlay.png');
    for (const { width, height, channels } of [crop, render]) expect([width, height, channels]).toEqual([SIZE, SIZE, 4]);
    expect([overlay.width, overlay.height, overlay.channels]).toEqual([3 * SIZE, SIZE, 3]);
    const alpha = (data: Buffer): number[] => Array.from(data).filter((_, i) => i % 4 === 3);
    expect(alpha(crop.data)).toEqual(alpha(render.data));
    expect(new Set(alpha(crop.data))).toContain(0);
    expect(alpha(crop.data).filter((x) => x === 255).length).toBeGreaterThan(500);
    // The crop's colours are whole beside the face; the overlay shows the render over them.
    expect(overlay.data.subarray(0, 3)).toEqual(crop.data.subarray(0, 3));
    const middle = SIZE * (SIZE / 2) + SIZE / 2;
    expect(overlay.data.subarray(3 * (3 * SIZE * (SIZE / 2) + SIZE + SIZE / 2)).subarray(0, 3)).toEqual(render.data.subarray(4 * middle, 4 * middle + 3));
  });

  it('fills the page with what it shows, and escapes the title', () => {
    const page = files['viewer.html'] as string, [face] = dataOf(page).faces;
    expect(page.includes('<h1>a &lt;b&gt; &amp; &quot;c&quot;</h1>')).toBe(true);
    expect(face).toMatchObject({ frame: { projection: scene.faces[0]!.projection, size: SIZE }, scene: { latent: scene.faces[0]!.latent }, photo: { width: 300, height: 200, url: expect.stringMatching(/^data:image\/jpeg;base64,/) } });
    expect(face!.facts).toContainEqual({ label: 'Loss: pixel', value: '0.0412' });
  });
});

describe('faceFiles of several faces', () => {
  it('makes one GLB, overlay, page and scene of all, and numbers the rest from the second on', async () => {
    const { model, scene: one } = await eggScene(join(root, 'eggs.safetensors'), { size: SIZE }), [face] = one.faces, photo = noisePhoto(), modelBytes = readFileSync(join(root, 'eggs.safetensors'));
    const scale = 0.4, shrink = ([[a, b, c], [d, e, f]]: FaceRecord['cropToPhoto']): FaceRecord['cropToPhoto'] => [[scale * a, scale * b, scale * c + 150], [scale * d, scale * e, scale * f + 60]];
    const [u, v, w] = face!.projection as [number[], number[], number[]], moved = [u.map((x, k) => scale * x + 150 * w[k]!), v.map((x, k) => scale * x + 60 * w[k]!), w];
    const group: SceneRecord = { ...one, faces: [face!, { ...face!, cropToPhoto: shrink(face!.cropToPhoto), projection: moved }] }, { files: made, placements } = await faceFiles({ photo, title: 'two', scene: group, model, modelBytes });
    expect(Object.keys(made)).toEqual(['face.glb', 'face.ply', 'face.obj', 'crop.png', 'render.png', 'face-2.ply', 'face-2.obj', 'crop-2.png', 'render-2.png', 'overlay.png', 'viewer.html', 'scene.json']);
    expect(placements).toHaveLength(2);
    for (const { rms, max } of placements!) expect(rms < max && max < 12).toBe(true);
    const nodes = (await new WebIO().readBinary(made['face.glb'] as Uint8Array)).getRoot().listNodes();
    expect(nodes.map((node) => node.getName())).toEqual(['face', 'face 2', 'camera']);
    const { data, info } = await sharp(made['overlay.png'] as Uint8Array).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([300, 200, 3]);
    // The photo where no mesh is; the render, which is not the photo, in the middle of both crops.
    const changed = (x: number, y: number): boolean => [0, 1, 2].some((k) => data[3 * (300 * y + x) + k] !== photo.data[3 * (300 * y + x) + k]);
    const middle = (map: FaceRecord['cropToPhoto']): [number, number] => applyAffine(map, [SIZE / 2, SIZE / 2]).map(Math.floor) as [number, number];
    expect([changed(2, 2), changed(297, 5), ...group.faces.map(({ cropToPhoto }) => changed(...middle(cropToPhoto)))]).toEqual([false, false, true, true]);
    expect(made['viewer.html']).toContain('<h1>two</h1>');
    expect(dataOf(made['viewer.html'] as string).faces.map(({ title }) => title)).toEqual(['two, face 1', 'two, face 2']);
    // Of two that overlap the larger lies on top, whichever comes first.
    const onto = { ...group.faces[1]!, cropToPhoto: group.faces[1]!.cropToPhoto.map(([a, b, c], k) => [a, b, c - (k === 0 ? 52 : 0)]) as unknown as FaceRecord['cropToPhoto'] }, pair = [face!, onto];
    const [there, back] = await Promise.all([pair, pair.toReversed()].map(async (faces) => (await faceFiles({ photo, title: 'two', scene: { ...group, faces }, model, modelBytes })).files['overlay.png']));
    expect(Buffer.from(there as Uint8Array).equals(back as Uint8Array)).toBe(true);
  });
});

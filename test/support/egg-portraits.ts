import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFaceModel } from '../../src/decoder/face-model.ts';
import { cropToPhoto, type Point } from '../../src/dense/crop-frame.ts';
import { greyColors } from '../../src/dense/grey-colors.ts';
import { photoProjection, projectPoint } from '../../src/dense/photo-projection.ts';
import { renderFace } from '../../src/dense/render-face.ts';
import { sceneNumbers } from '../../src/dense/scene.ts';
import { imageFromFloats } from '../../src/io/image.ts';
import { writePng } from '../../src/io/node-image.ts';
import { writeEggFile } from './egg-file.ts';

const SIZE = 160;

/** Fills a folder like the portraits': two eggs, `egg.png` and `grey.png`, a name without a photograph, `B000444.jpg`, and the egg's model, `egg.safetensors`. */
export async function writeEggPortraits(folder: string): Promise<void> {
  const at = (name: string): string => join(folder, name);
  await writeEggFile(at('egg.safetensors'));
  mkdirSync(at('images'));
  const model = readFaceModel(new Uint8Array(readFileSync(at('egg.safetensors')))), raw = new Float64Array(144), labels: string[] = [], points: string[] = [];
  for (const [i, file] of ['egg.png', 'grey.png', 'B000444.jpg'].entries()) {
    raw.set([0.2 - 0.3 * i, -0.2, 0.1, 0.2, -0.3, 0.5], 128);
    const scene = sceneNumbers(raw, 'roll'), projection = photoProjection(scene.camera, cropToPhoto({ center: [80, 80], side: SIZE, roll: 0 }, SIZE), SIZE), { colors, mesh } = renderFace(scene, model, SIZE);
    const seen = (v: number): Point => projectPoint(projection, mesh.vertices, 3 * v);
    labels.push(`# ${file}`, [20, 15, 120, 130, ...Array.from(model.topology.landmarks5, seen).flatMap(([x, y]) => [x, y, 0]), 1].join(' '));
    points.push([file, 0, 0, 1, 1, ...Array.from(model.topology.landmarks68, seen).flatMap(([x, y]) => [x - 0.5, y - 0.5])].join('\t'));
    if (file !== 'B000444.jpg') await writePng(at(`images/${file}`), imageFromFloats(file === 'grey.png' ? greyColors(colors) : colors, SIZE, SIZE));
  }
  writeFileSync(at('label.txt'), `${labels.join('\n')}\n`);
  writeFileSync(at('landmarks68.dlib.tsv'), `${points.join('\n')}\n`);
}

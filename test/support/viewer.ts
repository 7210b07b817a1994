import { execFileSync } from 'node:child_process';
import { encodeArray } from '../../src/viewer/base64-array.ts';
import type { ViewerData } from '../../src/viewer/viewer-data.ts';
import { icosphere } from './meshes.ts';

/** Builds the viewer page from the sources as they are now, as `npm run build:viewer` does. */
export const buildViewer = (): void => { execFileSync(process.execPath, ['src/viewer/build.mjs'], { stdio: 'pipe' }); };

/** An egg of 642 vertices, 80 mm wide and 120 high, off the origin, coloured by place. */
export function colouredEgg() {
  const { vertices, faces } = icosphere(3), scale = [80, 120, 90], offset = [6, -10, 15];
  return {
    vertices: Float32Array.from(vertices, (x, i) => x * scale[i % 3]! + offset[i % 3]!), faces,
    colors: Float32Array.from(vertices, (x, i) => 0.5 + 0.35 * Math.sin(3 * x + i % 3) + 0.1 * x),
  };
}

/** 1 x 1 pixel of blue: as a photograph of any size it is one colour. */
const BLUE = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGOQszkBAAGeASMRId8XAAAAAElFTkSuQmCC';

/** A page about the egg: camera 900 mm before it, photograph of 300 x 200, crop of 120 pixels turned and scaled. */
export function eggPage(changes: Partial<ViewerData> = {}): ViewerData {
  const { vertices, faces, colors } = colouredEgg();
  return {
    title: 'egg', photo: { url: BLUE, width: 300, height: 200 },
    mesh: { vertices: encodeArray(vertices), faces: encodeArray(faces), colors: encodeArray(colors), faceMask: encodeArray(Float32Array.from({ length: vertices.length / 3 }, (_, v) => Number(vertices[3 * v + 1]! < 20))) },
    projection: [[500, 30, -160, 160 * 900], [25, -500, -95, 95 * 900], [0, 0, -1, 900]],
    crop: { size: 120, toPhoto: [[1.6 * Math.cos(0.2), -1.6 * Math.sin(0.2), 85], [1.6 * Math.sin(0.2), 1.6 * Math.cos(0.2), -20]] },
    illumination: { lightPosition: [300, 500, 900], lightColor: [0.7, 0.6, 0.5], ambientColor: [0.3, 0.35, 0.4] },
    facts: [{ label: 'Vertices', value: '642' }],
    ...changes,
  };
}

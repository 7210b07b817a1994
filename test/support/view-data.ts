import { encodeArray } from '../../src/viewer/base64-array.ts';
import { fillViewerPage } from '../../src/viewer/fill-page.ts';
import { readViewerPage } from '../../src/viewer/page-node.ts';
import type { ViewData, ViewFace, ViewFrame } from '../../src/viewer/view-data.ts';
import { colouredEgg } from './viewer.ts';

/** A page without anything. */
export const EMPTY_VIEW: ViewData = { version: 1, title: 'view', model: null, wasm: null, faces: [], events: null };

/** Camera 900 mm before the egg, crop of 120 pixels turned and scaled in a photograph of 300 x 200. */
export const EGG_FRAME: ViewFrame = {
  projection: [[500, 30, -160, 160 * 900], [25, -500, -95, 95 * 900], [0, 0, -1, 900]],
  size: 120, cropToPhoto: [[1.6 * Math.cos(0.2), -1.6 * Math.sin(0.2), 85], [1.6 * Math.sin(0.2), 1.6 * Math.cos(0.2), -20]],
};

/** 1 x 1 pixel of blue: as a photograph of any size it is one colour. */
const BLUE = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGOQszkBAAGeASMRId8XAAAAAElFTkSuQmCC';

/** A face of the egg's photograph, frame and light, with its mesh (the lower half of it is face) or with a latent for a model. */
export function eggFace(title: string, latent: readonly number[] | null = null): ViewFace {
  const { vertices, faces, colors } = colouredEgg(), faceMask = Float32Array.from({ length: vertices.length / 3 }, (_, v) => Number(vertices[3 * v + 1]! < 20));
  const illumination = { lightPosition: [300, 500, 900], lightColor: [0.7, 0.6, 0.5], ambientColor: [0.3, 0.35, 0.4] };
  return {
    title, photo: { url: BLUE, width: 300, height: 200 }, frame: EGG_FRAME, facts: [{ label: 'Title', value: title }],
    scene: latent && { latent, camera: { eye: [0, 0, 900], lookAt: [0, 0, 0], focalLength: 9 }, illumination },
    mesh: latent ? null : { vertices: encodeArray(vertices), faces: encodeArray(faces), colors: encodeArray(colors), faceMask: encodeArray(faceMask), illumination },
  };
}

/** A page of one face, the egg with its mesh. */
export const eggPage = (title = 'egg', changes: Partial<ViewFace> = {}): ViewData => ({ ...EMPTY_VIEW, title, faces: [{ ...eggFace(title), facts: [{ label: 'Vertices', value: '642' }], ...changes }] });

/** Base64 of any bytes. */
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** The built page with this data. */
export const pageOf = (data: ViewData): string => fillViewerPage(readViewerPage(), data);

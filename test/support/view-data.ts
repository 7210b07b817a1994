import { fillViewerPage } from '../../src/viewer/fill-page.ts';
import { readViewerPage } from '../../src/viewer/page-node.ts';
import type { ViewData, ViewFace } from '../../src/viewer/view-data.ts';
import { eggPage } from './viewer.ts';

/** A page without anything. */
export const EMPTY_VIEW: ViewData = { version: 1, title: 'view', model: null, wasm: null, faces: [], events: null };

/** A face of the egg's photograph, frame and light, with its mesh or with a latent for a model. */
export function eggFace(title: string, latent: readonly number[] | null = null): ViewFace {
  const { photo, projection, crop, illumination, mesh } = eggPage();
  return {
    title, photo, frame: { projection, size: crop.size, cropToPhoto: crop.toPhoto }, facts: [{ label: 'Title', value: title }],
    scene: latent && { latent, camera: { eye: [0, 0, 900], lookAt: [0, 0, 0], focalLength: 9 }, illumination }, mesh: latent ? null : { ...mesh, illumination },
  };
}

/** Base64 of any bytes. */
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** The built page with this data: what `fillViewerPage` does, whichever form of data it takes so far. */
export const pageOf = (data: ViewData): string => (fillViewerPage as unknown as (template: string, data: unknown) => string)(readViewerPage(), { photo: { url: 'data:image/' }, ...data });


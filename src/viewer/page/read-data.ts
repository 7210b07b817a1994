import type { ViewData } from '../view-data.ts';
import type { ViewerData } from '../viewer-data.ts';

/** The page's data; that of one reconstruction, as `reconstruct` wrote it before there was {@link ViewData}, becomes a page of one face. */
export function readData(json: string): ViewData {
  const data = JSON.parse(json) as ViewData | ViewerData;
  if ('version' in data) return data;
  const { title, photo, mesh, projection, crop, illumination, facts } = data;
  return {
    version: 1, title, model: null, wasm: null, events: null,
    faces: [{ title, photo, scene: null, frame: { projection, size: crop.size, cropToPhoto: crop.toPhoto }, facts, mesh: { ...mesh, illumination } }],
  };
}

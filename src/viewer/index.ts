// The page of `view` and `reconstruct`, filled with a ViewData; retinamesh/viewer/node reads the page that the package brings.
export { decodeFloats, decodeInts, encodeArray } from './base64-array.ts';
export { createLatentNamer, describeLatents, type LatentDescription, type LatentNamer } from './latent-names.ts';
export { fillViewerPage } from './fill-page.ts';
export type { Resource, ViewData, ViewEvents, ViewFace, ViewFact, ViewFrame, ViewMesh, ViewPhoto, ViewScene } from './view-data.ts';

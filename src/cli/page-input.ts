import type { FaceRecord } from '../dense/scene-record.ts';
import type { PixelImage } from '../io/image.ts';
import type { ViewFace, ViewFact } from '../viewer/view-data.ts';

/** A photograph that a page shows, read when it is needed. */
export interface PagePhoto {
  /** The same for all faces in it, and for it when it is looked up again. */
  readonly key: string;
  /** Of the upright photograph. */
  readonly width: number;
  readonly height: number;
  readonly pixels: () => Promise<PixelImage>;
}

/** A face that a page shows. */
export interface PageFace extends Omit<ViewFace, 'photo' | 'mesh'> {
  readonly photo: PagePhoto | null;
}

/** What a page is made from, beside its model. */
export interface PageInput {
  readonly title: string;
  readonly faces: readonly PageFace[];
}

/** A face of a scene file, its crop having `size` pixels. */
export function pageFace(record: FaceRecord, { title, size, photo, model }: { readonly title: string; readonly size: number; readonly photo: PagePhoto | null; readonly model: string }): PageFace {
  const { latent, camera, illumination, projection, cropToPhoto } = record;
  return { title, photo, scene: { latent, camera, illumination }, frame: { projection, size, cropToPhoto }, facts: faceFacts(record, model) };
}

function faceFacts({ box, losses, seconds }: FaceRecord, model: string): ViewFact[] {
  return [
    { label: 'Box', value: box.map((x) => Number(x.toFixed(1))).join(', ') }, ...Object.entries(losses).map(([name, value]) => ({ label: `Loss: ${name}`, value: value.toPrecision(3) })),
    { label: 'Fitted in', value: `${seconds.toFixed(1)} s` }, { label: 'Decoder', value: model },
  ];
}

/** `photo.jpg`, or of several faces `photo.jpg, face 2`. */
export const faceTitle = (title: string, index: number, count: number): string => (count > 1 ? `${title}, face ${index + 1}` : title);

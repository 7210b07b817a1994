import type { PixelImage } from '../io/image.ts';
import type { ViewFace, ViewFrame } from '../viewer/view-data.ts';
import type { PageFace, PageInput, PagePhoto } from './page-input.ts';

/** Edge of what is shown of a photograph with several faces over that of a face's crop; share of the photograph above which it is shown whole. */
const REGION = 1.6, WHOLE = 0.5;

/**
 * The page as one file that needs no network: model, TensorFlow.js's wasm binary and photographs are inside. Where several faces are in one photograph each gets its part of it, which is then its photograph.
 *
 * @param model - Bytes of the face model.
 * @param onFace - Told after each face.
 */
export async function staticPage({ title, faces }: PageInput, model: Uint8Array, onFace: (done: number) => void = () => {}): Promise<string> {
  const [{ fillViewerPage }, { readViewerPage, readWasmBinary }, { encodeJpeg }] = await Promise.all([import('../viewer/fill-page.ts'), import('../viewer/page-node.ts'), import('../io/node-image.ts')]);
  const inside = async (face: PageFace, isShared: boolean): Promise<ViewFace> => {
    const { photo, frame } = isShared ? await partOf(face) : face;
    const url = photo && `data:image/jpeg;base64,${base64(await encodeJpeg(await photo.pixels()))}`;
    return { ...face, frame, photo: photo && { url: url!, width: photo.width, height: photo.height }, mesh: null };
  };
  const shown: ViewFace[] = [];
  for (const face of faces) onFace(shown.push(await inside(face, faces.some((other) => other !== face && other.photo?.key === face.photo?.key))));
  return fillViewerPage(readViewerPage(), { version: 1, title, model: { base64: base64(model) }, wasm: { base64: base64(await readWasmBinary()) }, faces: shown, events: null });
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** A face's part of its photograph, and its frame in that. */
async function partOf({ photo, frame }: PageFace): Promise<{ photo: PagePhoto | null; frame: ViewFrame | null }> {
  if (!photo || !frame) return { photo, frame };
  const { size, cropToPhoto, projection } = frame, margin = ((REGION - 1) / 2) * size, ends = [-margin, size + margin], corners = ends.flatMap((x) => ends.map((y) => cropToPhoto.map(([a, b, c]) => a! * x + b! * y + c!)));
  const span = (axis: 0 | 1, edge: number): [number, number] => [Math.max(0, Math.floor(Math.min(...corners.map((p) => p[axis]!)))), Math.min(edge, Math.ceil(Math.max(...corners.map((p) => p[axis]!))))];
  const [left, right] = span(0, photo.width), [top, bottom] = span(1, photo.height), width = right - left, height = bottom - top;
  if (width < 1 || height < 1 || width * height > WHOLE * photo.width * photo.height) return { photo, frame };
  const shift = [left, top] as const, w = projection[2]!;
  return {
    photo: { key: `${photo.key} ${left} ${top}`, width, height, pixels: async () => cutImage(await photo.pixels(), left, top, width, height) },
    frame: { size, cropToPhoto: cropToPhoto.map(([a, b, c], k) => [a!, b!, c! - shift[k]!]), projection: [...[0, 1].map((k) => projection[k]!.map((x, i) => x - shift[k]! * w[i]!)), w] },
  };
}

function cutImage({ width: stride, channels, data }: PixelImage, left: number, top: number, width: number, height: number): PixelImage {
  const out = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) out.set(data.subarray(((top + y) * stride + left) * channels, ((top + y) * stride + left + width) * channels), y * width * channels);
  return { width, height, channels, data: out };
}

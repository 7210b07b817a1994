import { readInside } from '../viewer/server/open-inside-node.ts';
import type { ViewFact } from '../viewer/view-data.ts';
import type { PageFace } from './page-input.ts';
import { fieldsIn, parse, parseKeptFit } from './parse-kept-fit.ts';
import type { PortraitPhotos } from './view-photos.ts';

/** Edge of the crop that a fitted portrait is compared with its photograph on, pixels. */
const SIZE = 256;

/** The faces of a run of `evaluate portraits`, in its order; a mean head's latent is as long as its decoder's. */
export async function portraitFaces(folder: string, photos: PortraitPhotos, { latentSize, name }: { readonly latentSize: number; readonly name: string }): Promise<PageFace[]> {
  const [{ cropToPhoto }, { photoProjection }] = await Promise.all([import('../dense/crop-frame.ts'), import('../dense/photo-projection.ts')]);
  const scores = new Map((await linesOf(folder, 'scores.jsonl')).map((line) => fieldsIn(parse(line))).map((score) => [score.file, score])), faces: PageFace[] = [];
  for (const fit of (await linesOf(folder, 'fits.jsonl')).map(parseKeptFit)) {
    if (!fit || (fit.scene.latent.length !== latentSize && fit.scene.latent.length > 0)) continue;
    const { file, scene } = fit, toPhoto = cropToPhoto(fit.frame, SIZE), latent = scene.latent.length > 0 ? scene.latent : Array.from({ length: latentSize }, () => 0);
    faces.push({
      title: file, photo: await photos(file), scene: { ...scene, latent }, frame: { projection: photoProjection(scene.camera, toPhoto, SIZE), size: SIZE, cropToPhoto: toPhoto },
      facts: [...scoreFacts(scores.get(file) ?? {}), { label: 'Decoder', value: name }],
    });
  }
  return faces;
}

/** The lines of a file that may have been cut by a kill, or not be there yet. */
async function linesOf(folder: string, name: string): Promise<string[]> {
  const bytes = await readInside(folder, name);
  return bytes ? new TextDecoder().decode(bytes).split('\n').filter((line) => line !== '') : [];
}

function scoreFacts(score: Readonly<Record<string, unknown>>): ViewFact[] {
  const fact = (name: string, label: string, print: (x: number) => string): ViewFact[] => (Number.isFinite(score[name]) ? [{ label, value: print(score[name] as number) }] : []), percent = (x: number): string => `${(100 * x).toFixed(2)} %`;
  return [
    ...fact('nme', 'NME', percent), ...fact('nmeInner', 'NME without the outline', percent), ...fact('colorDifference', 'Colour difference', (x) => x.toFixed(4)), ...fact('coverage', 'Coverage', percent),
    ...fact('seconds', 'Fitted in', (x) => `${x.toFixed(1)} s`), ...(typeof score.grey === 'boolean' ? [{ label: 'Photograph', value: score.grey ? 'grey' : 'colour' }] : []),
  ];
}

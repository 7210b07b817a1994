import type { FaceModel } from '../decoder/face-model.ts';
import type { CropFrame } from '../dense/crop-frame.ts';
import type { Portrait, PortraitScore } from '../dense/evaluate-portrait.ts';
import { quantile } from '../dense/portrait-protocol.ts';
import { renderFace } from '../dense/render-face.ts';
import { sceneNumbers, type SceneNumbers } from '../dense/scene.ts';
import { scorePortrait } from '../dense/score-portrait.ts';
import { PORTRAIT_FIGURES } from '../dense/summarize-portraits.ts';
import { imageFromFloats, type PixelImage } from '../io/image.ts';
import { DENSE_BRANCH_DEFAULTS } from './dense-branch.ts';
import type { HeadSample } from './head-sample.ts';
import { applyHead, type DenseHead } from './train-dense-head.ts';

type Model = Pick<FaceModel, 'decoder' | 'topology'>;

/** A portrait with what the detector says of it. */
export interface ScoredFace {
  readonly photo: PixelImage;
  readonly sample: HeadSample;
  readonly portrait: Omit<Portrait, 'landmarks'>;
}

/** Medians over portraits of what a head's faces score, by the protocol in `dense/portrait-protocol.ts`. */
export function scoreHead(head: DenseHead, faces: readonly ScoredFace[], model: Model): Omit<PortraitScore, 'file' | 'seconds'> {
  const scores = faces.map(({ photo, sample, portrait }) => scorePortrait(photo, headScene(head, sample), portrait, model));
  const medians = PORTRAIT_FIGURES.flatMap((figure) => (figure === 'seconds' ? [] : [[figure, quantile(scores.map((score) => score[figure]), 0.5)] as const]));
  return Object.fromEntries(medians) as Omit<PortraitScore, 'file' | 'seconds'>;
}

/** The face that a head sees in an anchor, and the frame in which it is drawn. */
export function headScene(head: DenseHead, { features, frame }: HeadSample): { readonly scene: SceneNumbers; readonly frame: CropFrame } {
  return { scene: sceneNumbers(applyHead(head, features), DENSE_BRANCH_DEFAULTS.pose), frame: { ...frame, side: DENSE_BRANCH_DEFAULTS.enlarge * frame.side } };
}

/** The face that a head sees in an anchor, on grey. */
export function renderHead(head: DenseHead, sample: HeadSample, model: Model, size = 160): PixelImage {
  const { colors, faceMask } = renderFace(headScene(head, sample).scene, model, size);
  return imageFromFloats(colors.map((x, i) => { const share = faceMask[Math.floor(i / 3)]!; return share * x + (1 - share) * GREY; }), size, size);
}

const GREY = 0.5;

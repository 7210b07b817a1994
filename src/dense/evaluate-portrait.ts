import type { FaceModel } from '../decoder/face-model.ts';
import type { PixelImage } from '../io/image.ts';
import type { Box, Point } from './crop-frame.ts';
import { type FaceFit, fitFace, type FitControl, type FitOptions } from './fit-face.ts';
import type { LandmarkScore } from './portrait-protocol.ts';
import { scorePortrait } from './score-portrait.ts';

/** A labelled portrait. */
export interface Portrait {
  readonly file: string;
  readonly box: Box;
  /** `null`: the fit gets the box alone. */
  readonly landmarks: readonly Point[] | null;
  /** 68 points that score and do nothing else. */
  readonly reference: readonly Point[];
}

/** What one portrait's fit scored, by the protocol in `portrait-protocol`. */
export interface PortraitScore extends LandmarkScore {
  readonly file: string;
  readonly colorDifference: number;
  readonly coverage: number;
  readonly seconds: number;
}

/** Fits one portrait and scores the result. */
export async function evaluatePortrait(
  photo: PixelImage, { file, box, landmarks, reference }: Portrait, model: FaceModel, options: Partial<FitOptions> = {}, control: FitControl = {},
): Promise<{ score: PortraitScore; fit: FaceFit }> {
  const fit = await fitFace(photo, { box, landmarks }, model, options, control);
  return { fit, score: { ...scorePortrait(photo, fit, { file, box, reference }, model), seconds: fit.seconds } };
}

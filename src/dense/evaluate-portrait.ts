import type { FaceModel } from '../decoder/face-model.ts';
import type { PixelImage } from '../io/image.ts';
import type { Box, Point } from './crop-frame.ts';
import { type FaceFit, fitFace, type FitControl, type FitOptions } from './fit-face.ts';
import { quantile } from './portrait-protocol.ts';
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
export interface PortraitScore {
  readonly file: string;
  readonly nme: number;
  readonly nmeInner: number;
  readonly nmeTightBox: number;
  readonly nmeEyes: number;
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

/** Medians and 90 % quantiles over portraits. */
export interface PortraitSummary {
  readonly count: number;
  readonly median: Omit<PortraitScore, 'file'>;
  readonly quantile90: Omit<PortraitScore, 'file'>;
  /** Portraits whose mask covers less than 90 % of the hull of the reference points. */
  readonly undercovered: number;
}

/** @throws ArgumentError if there is no score. */
export function summarizePortraits(scores: readonly PortraitScore[]): PortraitSummary {
  const at = (share: number): Omit<PortraitScore, 'file'> => {
    const of = (name: keyof Omit<PortraitScore, 'file'>): number => quantile(scores.map((score) => score[name]), share);
    return { nme: of('nme'), nmeInner: of('nmeInner'), nmeTightBox: of('nmeTightBox'), nmeEyes: of('nmeEyes'), colorDifference: of('colorDifference'), coverage: of('coverage'), seconds: of('seconds') };
  };
  return { count: scores.length, median: at(0.5), quantile90: at(0.9), undercovered: scores.filter(({ coverage }) => coverage < 0.9).length };
}

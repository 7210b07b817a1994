import type { FaceModel } from './face-model.ts';
import { TRAIN_DECODER_DEFAULTS, type TrainDecoderOptions } from './train-decoder.ts';

/** What a face model says it was trained with; what it does not say is the default. */
export const trainingOptions = ({ metadata }: Pick<FaceModel, 'metadata'>): TrainDecoderOptions =>
  ({ ...TRAIN_DECODER_DEFAULTS, ...(metadata.training === undefined ? {} : JSON.parse(metadata.training) as Partial<TrainDecoderOptions>) });

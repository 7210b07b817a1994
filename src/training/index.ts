// Loop, optimiser and run directory of trainings: they know no model.
export { Adam, ADAM_DEFAULTS, type AdamOptions } from './adam.ts';
export { cosineRate } from './cosine-rate.ts';
export { runTraining, TRAINING_DEFAULTS, type TrainingHooks, type TrainingOptions, type TrainingStore, type TrainingTask } from './loop.ts';

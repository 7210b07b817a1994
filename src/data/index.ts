// Morphable heads; predictions scored by WIDER FACE's protocol: no engine, no Node.
export { averagePrecision } from './average-precision.ts';
export { type CatmullClark, catmullClark } from './catmull-clark.ts';
export { evaluateWider, type PrecisionRecall, WIDER_IOUS, WIDER_THRESHOLDS, type WiderSetScore } from './evaluate-wider.ts';
export { createHeadGenerator, HEAD_GENERATOR_DEFAULTS, type HeadGenerator, type HeadGeneratorOptions } from './head-generator.ts';
export type { HeadRegistration, RegisterableHead, RegistrationErrors } from './head-registration.ts';
export { type Head, HEAD_SAMPLE_DEFAULTS, type HeadSampleOptions, type HeadSampler } from './head-sampler.ts';
export { HEAD_SPLIT, trainingSkins } from './head-split.ts';
export { HEAD_REGIONS, type HeadTopology, topologyFromTensors, topologyToTensors } from './head-topology.ts';
export { createIctSampler } from './ict-sampler.ts';
export { mixHeadSamplers } from './mix-head-samplers.ts';
export { type IctFace, parseIctFace } from './ict.ts';
export { type MakeHumanAssets, type MakeHumanBase, type MorphTarget, parseMakeHumanBase, parseMorphTarget, type Texture } from './makehuman.ts';
export { FALSE, FOUND, IGNORED, judgeWider, overlapWider, type WiderOverlaps } from './match-wider.ts';
export { registerHead } from './register-head.ts';
export { registrationFromTensors, registrationToTensors } from './registration-tensors.ts';
export { HEIGHT_EDGES, heightClasses, scoreBySize, type SizeClasses, type SizeScore, type SizeScoreOptions } from './wider-by-size.ts';
export { parseWiderGroundTruth, WIDER_SETS, type WiderImage, type WiderSet, type WiderSetFile } from './wider-ground-truth.ts';
export { assignWiderPredictions, describeProtocol, parseWiderPrediction, PROTOCOL_FILE, type WiderPrediction, type WiderPredictions } from './wider-predictions.ts';

// Morphable heads: no engine, no Node.
export { type CatmullClark, catmullClark } from './catmull-clark.ts';
export { createHeadGenerator, type Head, HEAD_GENERATOR_DEFAULTS, HEAD_SAMPLE_DEFAULTS, type HeadGenerator, type HeadGeneratorOptions, type HeadSampleOptions } from './head-generator.ts';
export { HEAD_SPLIT, trainingSkins } from './head-split.ts';
export { HEAD_REGIONS, type HeadTopology, topologyFromTensors, topologyToTensors } from './head-topology.ts';
export { type MakeHumanAssets, type MakeHumanBase, type MorphTarget, parseMakeHumanBase, parseMorphTarget, type Texture } from './makehuman.ts';

// Morphable heads: no engine, no Node.
export { type CatmullClark, catmullClark } from './catmull-clark.ts';
export { HEAD_REGIONS, type HeadTopology, topologyFromTensors, topologyToTensors } from './head-topology.ts';
export { type MakeHumanAssets, type MakeHumanBase, type MorphTarget, parseMakeHumanBase, parseMorphTarget, type Texture } from './makehuman.ts';

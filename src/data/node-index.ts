// Files on a disk: MakeHuman's folder, WIDER FACE's ground truth and predictions.
export { loadMakeHuman } from './makehuman-node.ts';
export { readWiderGroundTruth, readWiderPredictions } from './wider-node.ts';

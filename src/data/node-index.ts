// Files on a disk: MakeHuman's and ICT-FaceKit's folders, WIDER FACE's ground truth and predictions.
export { type IctFolder, loadIctFace } from './ict-node.ts';
export { loadMakeHuman } from './makehuman-node.ts';
export { readWiderGroundTruth, readWiderPredictions } from './wider-node.ts';

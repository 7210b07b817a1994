// The library on TensorFlow.js: choose an engine first, with `useWasmBackend` of retinamesh/kernels/wasm or `useCpuBackend` of
// retinamesh/kernels/cpu. Rooms that need no engine have entries of their own: mesh, io, data, kernels/impl.
export { ArgumentError, FormatError, UnsupportedError } from './core/errors.ts';
export { formatProgress, type Progress, type ProgressListener } from './core/progress.ts';
export { createRandom, type Random } from './core/random.ts';
export { type Activation, MESH_DECODER_DEFAULTS, MESH_DECODER_PRESETS, type MeshDecoderConfig, resolveDecoderConfig } from './decoder/config.ts';
export { decodeMesh } from './decoder/decode-mesh.ts';
export { decoderFromTensors, decoderToTensors, type WeightStorage } from './decoder/decoder-tensors.ts';
export { type FaceModel, readFaceModel, writeFaceModel } from './decoder/face-model.ts';
export { foldLatentTransform } from './decoder/fold-latent.ts';
export { type DecodedMeshes, MeshDecoder } from './decoder/mesh-decoder.ts';
export { MeshEncoder } from './decoder/mesh-encoder.ts';
export type { MeshStatistics } from './decoder/mesh-statistics.ts';
export { cropCamera } from './dense/crop-camera.ts';
export { type Affine, applyAffine, type Box, type CropFrame, cropToPhoto, frameFromBox, invertAffine, type Point, rollOfEyes } from './dense/crop-frame.ts';
export { cutOut } from './dense/cut-out.ts';
export { faceRecord, type FittedFace } from './dense/face-record.ts';
export { meshImage, type MeshView, viewOfMesh } from './dense/mesh-image.ts';
export { DENSE_LOSS_DEFAULTS, denseLoss, type DenseLossOptions, denseLossWarnings, type DenseWeighting } from './dense/dense-loss.ts';
export { FaceRenderer, type RenderedFaces } from './dense/face-renderer.ts';
export { FIT_DEFAULTS, type FaceFit, fitFace, type FitControl, type FitOptions, type FitTarget } from './dense/fit-face.ts';
export type { FitWeights } from './dense/fit-objective.ts';
export { visibleLandmarks68 } from './dense/landmarks68.ts';
export { DIFFERENCE_GAIN, overlayImage } from './dense/overlay-image.ts';
export { parseLatent } from './dense/parse-latent.ts';
export { photoProjection, projectPoint } from './dense/photo-projection.ts';
export { type FaceLabel, parseDlibLandmarks, parseFaceLabels } from './dense/portrait-labels.ts';
export { type ColorScore, type LandmarkScore, scoreColors, scoreLandmarks } from './dense/portrait-protocol.ts';
export { type FaceRender, MAX_RENDER_SIZE, renderFace } from './dense/render-face.ts';
export { poseFromLandmarks, type ScaledPose } from './dense/pose-from-landmarks.ts';
export { type Crop, halveCrop, resampleCrop } from './dense/resample.ts';
export { hostScenes, rawFromScene, type Scene, sceneFromRaw, sceneTensors } from './dense/scene-map.ts';
export { type FaceRecord, parseSceneRecord, type Projection, type SceneRecord } from './dense/scene-record.ts';
export {
  type CameraNumbers, FOCAL_AT_ZERO, type IlluminationNumbers, LATENT_SIZE, POSE_AND_LIGHT, type PoseForm, RAW_CAMERA, RAW_LIGHT, rawNumbers,
  sceneNumbers, type SceneNumbers,
} from './dense/scene.ts';
export { pixelLoss, type PixelNorm } from './losses/pixel-loss.ts';
export { CHEB_CONV_LAYER_DEFAULTS, ChebConv, type ChebConvLayerOptions } from './nn/cheb-conv.ts';
export { chebWeightsFromComa, chebWeightsFromPyg, chebWeightsToComa, chebWeightsToPyg } from './nn/cheb-weights.ts';
export { comaNormal, glorotUniform, heNormal, type Initializer, zeros } from './nn/initializers.ts';
export { Linear } from './nn/linear.ts';
export { CHEB_CONV_DEFAULTS, chebConv, type ChebConvOptions } from './ops/cheb-conv.ts';
export { chebyshevBasis, chebyshevBasisAdjoint } from './ops/chebyshev-basis.ts';
export { GATHER_ROWS_DEFAULTS, gatherRows, type GatherRowsOptions, scatterRows } from './ops/gather-rows.ts';
export { interpolateAttributes } from './ops/interpolate-attributes.ts';
export { linear } from './ops/linear.ts';
export { projectVertices } from './ops/project-vertices.ts';
export { type Fragments, type ImageSize, rasterizeMesh } from './ops/rasterize-mesh.ts';
export { type ShadedMesh, shadeFragments } from './ops/shade-fragments.ts';
export { sparseMatMul } from './ops/sparse-mat-mul.ts';
export { createSparseOperator, type SparseOperator } from './ops/sparse-operator.ts';
export { vertexNormals } from './ops/vertex-normals.ts';
export { type Camera, cameraTensor } from './renderer/camera.ts';
export { type Illumination, illuminationTensor } from './renderer/illumination.ts';
export { type PinholeCamera, pixelProjection } from './renderer/projection.ts';
export { type ColoredMeshes, RENDER_DEFAULTS, type Rendered, renderMesh, type RenderOptions } from './renderer/render-mesh.ts';

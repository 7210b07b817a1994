// Plain loops in float64 that say what every kernel computes: the reference of this library's tests, and of yours. No engine.
export { antialiasEdgesBackpropImageImpl, antialiasEdgesBackpropVerticesImpl, antialiasEdgesImpl } from './antialias-edges.ts';
export { type CameraBasis, cameraBasis, cameraBasisGrad, type Lens } from './camera-basis.ts';
export { type ChebConvSizes, chebConvBackpropInputImpl, chebConvBackpropWeightsImpl, chebConvImpl } from './cheb-conv.ts';
export { chebyshevBasisAdjointImpl, chebyshevBasisImpl } from './chebyshev-basis.ts';
export { conv2dBackpropFilterImpl, conv2dBackpropInputImpl, conv2dImpl, type Conv2dSizes } from './conv2d.ts';
export { depthwiseConv2dBackpropFilterImpl, depthwiseConv2dBackpropInputImpl, depthwiseConv2dImpl } from './depthwise-conv2d.ts';
export { deformConv2dBackpropSamplesImpl, deformConv2dBackpropWeightsImpl, deformConv2dImpl } from './deform-conv2d.ts';
export {
  type DeformGradient, type DeformInputs, deformSampleImpl, deformScatterImpl, type DeformSizes, deformSizes, type DeformSteps, type PixelRange,
} from './deform-sample.ts';
export {
  type Interpolation, type InterpolationSizes, interpolateAttributesBackpropAttributesImpl, interpolateAttributesBackpropBarycentricsImpl, interpolateAttributesImpl,
} from './interpolate-attributes.ts';
export { linearBackpropInputImpl, linearBackpropWeightsImpl, linearImpl, type LinearSizes } from './linear.ts';
export { type MultiTaskArrays, multiTaskLossImpl, type MultiTaskNumbers } from './multi-task-loss.ts';
export { type ProjectGradient, type ProjectSizes, projectVerticesGradImpl, projectVerticesImpl } from './project-vertices.ts';
export { rasterizeMeshGradImpl } from './rasterize-mesh-grad.ts';
export { rasterizeMeshImpl, type RasterOutput, type RasterSizes } from './rasterize-mesh.ts';
export { type Rendering, renderMeshImpl, type RenderScene, type RenderSettings } from './render-mesh.ts';
export { gatherRowsImpl, reluGradImpl, type RowSizes, scatterRowsImpl, sumRowsImpl } from './rows.ts';
export { type ShadeGradient, type ShadeInputs, type ShadeSizes, shadeFragmentsGradImpl, shadeFragmentsImpl, type ShadingSpace } from './shade-fragments.ts';
export { smoothL1Impl } from './smooth-l1.ts';
export { softmaxCrossEntropyImpl } from './softmax-cross-entropy.ts';
export { sparseMatMulImpl } from './sparse-mat-mul.ts';
export { type MeshSizes, vertexNormalsGradImpl, vertexNormalsImpl } from './vertex-normals.ts';
export { type SilhouettePiece, type SilhouetteScene, type SilhouetteSizes, strayEdge, walkSilhouettes } from './walk-silhouettes.ts';

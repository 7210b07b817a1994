import type { TensorInfo } from '@tensorflow/tfjs';
import type { Lens } from './impl/camera-basis.ts';
import type { DeformSteps } from './impl/deform-sample.ts';
import type { ShadingSpace } from './impl/shade-fragments.ts';

/** Backends that may hold kernels of this library. */
export type BackendName = 'cpu' | 'wasm' | 'tensorflow';

type NoAttrs = Record<never, never>;

/**
 * A constant sparse operator and its transpose. It travels as an attribute, not as inputs: the tape copies inputs that a gradient reads, which
 * took 0.5 ms of a decoder's step. It must live until the gradient has been taken.
 */
export type OperatorTensors = Readonly<Record<'rowPtr' | 'colIndex' | 'values' | 'rowPtrT' | 'colIndexT' | 'valuesT', TensorInfo>>;

interface OperatorAttrs {
  readonly operator: OperatorTensors;
}

type ShadeInput = 'vertices' | 'normals' | 'colors' | 'lights';

type FragmentInput = 'faceIndex' | 'barycentrics';

/**
 * Inputs, attributes and outputs of every kernel this library registers, by kernel name. `T` is `TensorInfo` inside a
 * backend and `Tensor` on the tape. A kernel with several outputs declares them as a tuple.
 */
export interface KernelSignatures<T extends TensorInfo = TensorInfo> {
  /** `A [R, C] . dense [B, C, N] -> [B, R, N]`; the transposed operator rides along for the gradient. */
  SparseMatMul: { inputs: Record<'dense', T>; attrs: OperatorAttrs; output: T };
  /** `x [B, V, C] -> T_k(A) x [B, V, K, C]`, k from 0 to `order` - 1. */
  ChebyshevBasis: { inputs: Record<'x', T>; attrs: OperatorAttrs & { readonly order: number }; output: T };
  /** `y [B, V, K, C] -> sum over k of T_k(A^T) y_k [B, V, C]`. */
  ChebyshevBasisAdjoint: { inputs: Record<'y', T>; attrs: OperatorAttrs; output: T };
  /** `x [B, V, I], weights [K I, O], bias [O] -> sum over k of T_k(A) x W_k + bias [B, V, O]`, then ReLU where asked. */
  ChebConv: { inputs: Record<'x' | 'weights', T> & { readonly bias?: T }; attrs: OperatorAttrs & { readonly order: number; readonly relu: boolean }; output: T };
  /** `dy [B, V, O], weights [K I, O] -> dx [B, V, I]`. */
  ChebConvBackpropInput: { inputs: Record<'dy' | 'weights', T>; attrs: OperatorAttrs & { readonly order: number }; output: T };
  /** `x [B, V, I], dy [B, V, O] -> dweights [K I, O]`; a backend that makes dx on the way needs the weights for it. */
  ChebConvBackpropWeights: { inputs: Record<'x' | 'dy' | 'weights', T>; attrs: OperatorAttrs & { readonly order: number }; output: T };
  /** `x [B, V, C], index int32 [N] -> [B, N, size]`: columns from `begin` of the rows named. */
  GatherRows: { inputs: Record<'x' | 'index', T>; attrs: { readonly begin: number; readonly size: number }; output: T };
  /** `y [B, N, S], index int32 [N] -> [B, rows, cols]`: zero, plus each row of y where its index says, from column `begin`. */
  ScatterRows: { inputs: Record<'y' | 'index', T>; attrs: { readonly rows: number; readonly cols: number; readonly begin: number }; output: T };
  /** `x [..., C] -> [C]`. */
  SumRows: { inputs: Record<'x', T>; attrs: NoAttrs; output: T };
  /** `dy` where `y > 0`, else 0. */
  ReluGrad: { inputs: Record<'dy' | 'y', T>; attrs: NoAttrs; output: T };
  /** `x [B, M], weights [M, N], bias [N] -> x W + bias [B, N]`. */
  Linear: { inputs: Record<'x' | 'weights', T> & { readonly bias?: T }; attrs: NoAttrs; output: T };
  /** `dy [B, N], weights [M, N] -> dx [B, M]`. */
  LinearBackpropInput: { inputs: Record<'dy' | 'weights', T>; attrs: NoAttrs; output: T };
  /** `x [B, M], dy [B, N] -> dweights [M, N]`. */
  LinearBackpropWeights: { inputs: Record<'x' | 'dy', T>; attrs: NoAttrs; output: T };
  /** `vertices [B, V, 4] clip space, faces int32 [F, 3] -> faceIndex int32 [B, H, W], barycentrics [B, H, W, 3], zBuffer [B, H, W]`. */
  RasterizeMesh: { inputs: Record<'vertices' | 'faces', T>; attrs: { readonly height: number; readonly width: number }; output: [T, T, T] };
  /** `dBarycentrics [B, H, W, 3] -> dVertices [B, V, 4]`, whose column z is 0. */
  RasterizeMeshGrad: { inputs: Record<'vertices' | 'faces' | FragmentInput | 'dBarycentrics', T>; attrs: NoAttrs; output: T };
  /** `attributes [B or 1, V, C] -> [B, H, W, C]`, 0 on background. */
  InterpolateAttributes: { inputs: Record<'attributes' | 'faces' | FragmentInput, T>; attrs: NoAttrs; output: T };
  /** `dy [B, H, W, C] -> dAttributes [batch (B or 1), rows, C]`. */
  InterpolateAttributesBackpropAttributes: {
    inputs: Record<'dy' | 'faces' | FragmentInput, T>; attrs: { readonly batch: number; readonly rows: number }; output: T;
  };
  /** `dy [B, H, W, C] -> dBarycentrics [B, H, W, 3]`. */
  InterpolateAttributesBackpropBarycentrics: { inputs: Record<'dy' | 'attributes' | 'faces' | 'faceIndex', T>; attrs: NoAttrs; output: T };
  /** `vertices [B, V, 3], cameras [B, 8]: eye, look-at point, focal length, roll -> clip space [B, V, 4]`. */
  ProjectVertices: { inputs: Record<'vertices' | 'cameras', T>; attrs: Lens; output: T };
  /** `dy [B, V, 4] -> dVertices [B, V, 3], dCameras [B, 8]`. */
  ProjectVerticesGrad: { inputs: Record<'vertices' | 'cameras' | 'dy', T>; attrs: Lens; output: [T, T] };
  /** `vertices [B, V, 3], faces int32 [F, 3] -> unit normals [B, V, 3]`, weighted by the area of the faces. */
  VertexNormals: { inputs: Record<'vertices' | 'faces', T>; attrs: NoAttrs; output: T };
  /** `dy [B, V, 3] -> dVertices [B, V, 3]`. */
  VertexNormalsGrad: { inputs: Record<'vertices' | 'faces' | 'dy', T>; attrs: NoAttrs; output: T };
  /** `vertices, normals, colors [B, V, 3], lights [B, 9]: position, colour, ambient -> image [B, H, W, 3]`, 0 on background. */
  ShadeFragments: { inputs: Record<ShadeInput | 'faces' | FragmentInput, T>; attrs: { readonly space: ShadingSpace }; output: T };
  /** `dy [B, H, W, 3] -> the gradients of vertices, normals, colors, lights and barycentrics`. */
  ShadeFragmentsGrad: { inputs: Record<ShadeInput | 'faces' | FragmentInput | 'dy', T>; attrs: { readonly space: ShadingSpace }; output: [T, T, T, T, T] };
  /** `x [B, H, W, I], weights [kh, kw, I, O], offsets [B, Ho, Wo, 2 kh kw], mask [B, Ho, Wo, kh kw], bias [O] -> [B, Ho, Wo, O]`. */
  DeformConv2D: { inputs: Record<'x' | 'weights' | 'offsets' | 'mask', T> & { readonly bias?: T }; attrs: DeformSteps; output: T };
  /** `dy [B, Ho, Wo, O] -> the gradients of x, offsets and mask`. */
  DeformConv2DBackpropSamples: { inputs: Record<'x' | 'weights' | 'offsets' | 'mask' | 'dy', T>; attrs: DeformSteps; output: [T, T, T] };
  /** `dy [B, Ho, Wo, O] -> dWeights [kh, kw, I, O]`. */
  DeformConv2DBackpropWeights: { inputs: Record<'x' | 'offsets' | 'mask' | 'dy', T>; attrs: DeformSteps & { readonly kernelSize: readonly [number, number] }; output: T };
  /** `image [B, H, W, C], vertices [B, V, 4] clip space, edges int32 [E, 4] -> [B, H, W, C]` with the outlines mixed by area. */
  AntialiasEdges: { inputs: Record<'image' | 'vertices' | 'faces' | 'edges' | 'faceIndex' | 'zBuffer', T>; attrs: NoAttrs; output: T };
  /** `dy [B, H, W, C] -> dImage [B, H, W, C], dVertices [B, V, 4]`. */
  AntialiasEdgesGrad: { inputs: Record<'dy' | 'image' | 'vertices' | 'faces' | 'edges' | 'faceIndex' | 'zBuffer', T>; attrs: NoAttrs; output: [T, T] };
}

export type KernelName = keyof KernelSignatures;

import { createRandom } from '../../core/random.ts';
import type { LaplacianKind } from '../../mesh/laplacian.ts';
import { transposeCsr } from '../../sparse/csr-matrix.ts';
import { chebConvBackpropInputImpl, chebConvBackpropWeightsImpl, chebConvImpl } from '../impl/cheb-conv.ts';
import { chebyshevBasisAdjointImpl, chebyshevBasisImpl } from '../impl/chebyshev-basis.ts';
import { reluGradImpl, sumRowsImpl } from '../impl/rows.ts';
import { singles, type VectorCase } from './vector-arrays.ts';
import { VECTOR_LAPLACIANS, type VectorGraph } from './vector-graphs.ts';

/** What the arrays of a Chebyshev convolution are, for the index. */
export const CHEB_CONV_KIND = {
  equations: {
    basis: 'basis[b, :, k] = T_k(A) x[b], T_0 = x, T_1 = A x, T_k = 2 A T_{k-1} - T_{k-2}',
    y: 'y = bias + sum over k of basis[:, :, k] weights[k I : (k + 1) I], then max(0, y) where relu',
    dx: 'd sum(y dy) / dx', dWeights: 'd sum(y dy) / dweights', dBias: 'd sum(y dy) / dbias',
    adjoint: 'adjoint[b] = sum over k of T_k(A^T) dBasis[b, :, k] = d sum(basis dBasis) / dx',
  },
  shapes: {
    x: '[B, V, I]', weights: '[K I, O]', bias: '[O]', dy: '[B, V, O]', dBasis: '[B, V, K, I]', basis: '[B, V, K, I]', y: '[B, V, O]',
    dx: '[B, V, I]', dWeights: '[K I, O]', dBias: '[O]', adjoint: '[B, V, I]',
  },
} as const;

/** Odd on purpose: two samples, channels that fill no vector. */
const SIZES = { batch: 2, inputs: 3, outputs: 5 } as const;
const ORDERS = [1, 2, 3, 4, 5, 6] as const;

/** Chebyshev convolutions on one graph: three Laplacians, K from 1 to 6, and once more with ReLU at K = 6. */
export const chebVectors = (graph: VectorGraph, seed: number): VectorCase[] => VECTOR_LAPLACIANS.flatMap((kind) => [
  ...ORDERS.map((order) => chebConvCase(graph, kind, order, false, seed)), chebConvCase(graph, kind, 6, true, seed),
]);

function chebConvCase({ name: graph, vertexCount: V, operators }: VectorGraph, laplacian: LaplacianKind, order: number, relu: boolean, seed: number): VectorCase {
  const name = `${graph}.${laplacian}.K${order}${relu ? '.relu' : ''}`, random = createRandom(seed).fork(name);
  const { batch: B, inputs: I, outputs: O } = SIZES, sizes = { ...SIZES, order }, A = operators[laplacian].matrix, transposed = transposeCsr(A);
  const draw = (length: number): Float64Array => singles(length, random.uniform);
  const x = draw(B * V * I), weights = draw(order * I * O), bias = draw(O), dy = draw(B * V * O), dBasis = draw(B * V * order * I);

  const basis = new Float64Array(B * V * order * I), y = new Float64Array(B * V * O), adjoint = new Float64Array(B * V * I);
  chebyshevBasisImpl(A, x, B, I, order, basis);
  chebConvImpl(A, x, weights, bias, y, sizes, relu);
  chebyshevBasisAdjointImpl(transposed, dBasis, B, I, order, adjoint);

  const g = dy.slice(), dx = new Float64Array(B * V * I), dWeights = new Float64Array(order * I * O), dBias = new Float64Array(O);
  if (relu) reluGradImpl(dy, y, g);
  chebConvBackpropInputImpl(transposed, g, weights, dx, sizes);
  chebConvBackpropWeightsImpl(A, x, g, dWeights, sizes);
  sumRowsImpl(g, dBias, O);
  return {
    name, kind: 'chebConv', settings: { graph, laplacian, order, relu, batch: B, vertices: V, inputs: I, outputs: O },
    arrays: {
      x: { shape: [B, V, I], data: x }, weights: { shape: [order * I, O], data: weights }, bias: { shape: [O], data: bias },
      dy: { shape: [B, V, O], data: dy }, dBasis: { shape: [B, V, order, I], data: dBasis },
      basis: { shape: [B, V, order, I], data: basis }, y: { shape: [B, V, O], data: y }, dx: { shape: [B, V, I], data: dx },
      dWeights: { shape: [order * I, O], data: dWeights }, dBias: { shape: [O], data: dBias }, adjoint: { shape: [B, V, I], data: adjoint },
    },
  };
}

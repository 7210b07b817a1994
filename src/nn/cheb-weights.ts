import { ArgumentError } from '../core/errors.ts';

// Layouts of the weights of one Chebyshev convolution, K polynomials, I inputs, O outputs:
//   here                       [K I, O], row k I + i
//   PyTorch Geometric ChebConv K matrices [O, I], `lins.k.weight`
//   CoMA                       [I K, O], row i K + k

/** To the K matrices `[O, I]` of PyTorch Geometric's `lins.k.weight`. @throws {@link ArgumentError} if sizes do not fit. */
export function chebWeightsToPyg(weights: Float32Array, order: number, outputs: number): Float32Array[] {
  const inputs = inputsOf('chebWeightsToPyg', weights, order, outputs);
  return Array.from({ length: order }, (_, k) => Float32Array.from({ length: outputs * inputs }, (_, at) => {
    const o = Math.floor(at / inputs), i = at % inputs;
    return weights[(k * inputs + i) * outputs + o]!;
  }));
}

/** From the K matrices `[O, I]` of PyTorch Geometric. @throws {@link ArgumentError} if sizes do not fit. */
export function chebWeightsFromPyg(matrices: readonly Float32Array[], outputs: number): Float32Array {
  const inputs = (matrices[0]?.length ?? 0) / outputs, odd = matrices.findIndex((m) => m.length !== inputs * outputs);
  if (matrices.length === 0 || !Number.isInteger(inputs)) throw new ArgumentError('chebWeightsFromPyg', 'matrices', `a size divisible by ${outputs}`, `${matrices[0]?.length ?? 'none'}`);
  if (odd >= 0) throw new ArgumentError('chebWeightsFromPyg', `matrices[${odd}]`, `length ${inputs * outputs}`, `${matrices[odd]!.length}`);
  return Float32Array.from({ length: matrices.length * inputs * outputs }, (_, at) => {
    const row = Math.floor(at / outputs), k = Math.floor(row / inputs);
    return matrices[k]![(at % outputs) * inputs + row % inputs]!;
  });
}

/** To CoMA's `[I K, O]`, row `i K + k`. @throws {@link ArgumentError} if sizes do not fit. */
export function chebWeightsToComa(weights: Float32Array, order: number, outputs: number): Float32Array {
  const inputs = inputsOf('chebWeightsToComa', weights, order, outputs);
  return exchangeRows(weights, order, inputs, outputs);
}

/** From CoMA's `[I K, O]`, row `i K + k`. @throws {@link ArgumentError} if sizes do not fit. */
export function chebWeightsFromComa(weights: Float32Array, order: number, outputs: number): Float32Array {
  const inputs = inputsOf('chebWeightsFromComa', weights, order, outputs);
  return exchangeRows(weights, inputs, order, outputs);
}

// Row (a, b) of `[A B, O]` becomes row (b, a) of `[B A, O]`.
function exchangeRows(weights: Float32Array, A: number, B: number, outputs: number): Float32Array {
  return Float32Array.from(weights, (_, at) => {
    const row = Math.floor(at / outputs), b = Math.floor(row / A), a = row % A;
    return weights[(a * B + b) * outputs + at % outputs]!;
  });
}

function inputsOf(where: string, weights: Float32Array, order: number, outputs: number): number {
  const inputs = weights.length / (order * outputs);
  if (!(Number.isInteger(inputs) && inputs > 0)) throw new ArgumentError(where, 'weights', `a length divisible by ${order} x ${outputs}`, `${weights.length}`);
  return inputs;
}

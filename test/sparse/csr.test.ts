import fc from 'fast-check';
import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { csrFromTriplets } from '../../src/sparse/csr-from-triplets.ts';
import { type CsrMatrix, type FloatArray, transposeCsr } from '../../src/sparse/csr-matrix.ts';
import { csrTimesDense } from '../../src/sparse/csr-times-dense.ts';
import { multiplyCsr } from '../../src/sparse/multiply-csr.ts';
import { validateCsr } from '../../src/sparse/validate-csr.ts';
import { expectClose } from '../support/close.ts';
import { densify, randomCsr } from '../support/sparse.ts';

const math = create(all!);
const size = fc.integer({ min: 1, max: 9 });
const EXACT = { rtol: 1e-12, atol: 1e-12 };

function product(a: number[][], b: number[][]): number[] {
  return (math.multiply(math.matrix(a), math.matrix(b)).toArray() as number[][]).flat();
}

describe('csrFromTriplets', () => {
  it('sorts, adds duplicates and keeps float32', () => {
    const matrix = csrFromTriplets([3, 4], [2, 0, 2, 2, 0], [3, 1, 0, 3, 0], Float32Array.of(1, 2, 3, 4, 5));
    expect(matrix).toEqual({ shape: [3, 4], rowPtr: Int32Array.of(0, 2, 2, 4), colIndex: Int32Array.of(0, 1, 0, 3), values: Float32Array.of(5, 2, 3, 5) });
  });

  it('refuses what lies outside', () => {
    expect(() => csrFromTriplets([2, 2], [2], [0], Float32Array.of(1))).toThrow('rowIndex[0] to have an integer in [0, 2), got 2');
    expect(() => csrFromTriplets([2, 2], [0], [-1], Float32Array.of(1))).toThrow('colIndex[0]');
    expect(() => csrFromTriplets([2, 2], [0], [0.5], Float32Array.of(1))).toThrow('colIndex[0]');
    expect(() => csrFromTriplets([2, 2], [0], [0, 1], Float32Array.of(1))).toThrow('one length');
  });
});

describe('products', () => {
  it('agree with mathjs, sparse or dense, also transposed', () => {
    fc.assert(fc.property(size, size, size, fc.integer(), (rows, inner, cols, seed) => {
      const a = randomCsr(rows, inner, seed), b = randomCsr(inner, cols, seed + 1);
      const ab = multiplyCsr(a, b);
      validateCsr('test', 'ab', ab);
      const expected = product(densify(a), densify(b));
      expectClose(densify(ab).flat(), expected, EXACT);
      expectClose(csrTimesDense(a, Float64Array.from(densify(b).flat()), cols), expected, EXACT);
      expectClose(densify(multiplyCsr(transposeCsr(b), transposeCsr(a))).flat(), densify(transposeCsr(ab)).flat(), EXACT);
    }), { numRuns: 100, seed: 2 });
  });

  it('take the type of the left matrix', () => {
    const half = csrFromTriplets([1, 1], [0], [0], Float32Array.of(0.1));
    expect(multiplyCsr(half, half).values).toBeInstanceOf(Float32Array);
    expect(csrTimesDense(half, Float64Array.of(1), 1)).toBeInstanceOf(Float64Array);
  });

  it('refuse other sizes', () => {
    const a = randomCsr(2, 3, 1);
    expect(() => multiplyCsr(a, a)).toThrow('multiplyCsr: expected right to have 3 rows, got 2');
    expect(() => csrTimesDense(a, new Float64Array(4), 1)).toThrow('length 3 x 1, got 4');
  });
});

describe('validateCsr', () => {
  const good: CsrMatrix<FloatArray> = { shape: [2, 3], rowPtr: Int32Array.of(0, 2, 3), colIndex: Int32Array.of(0, 2, 1), values: Float64Array.of(1, 2, 3) };
  it('accepts a good matrix and an empty one', () => {
    validateCsr('test', 'm', good);
    validateCsr('test', 'm', { shape: [0, 0], rowPtr: new Int32Array(1), colIndex: new Int32Array(0), values: new Float32Array(0) });
  });
  it.each<[string, Partial<CsrMatrix<FloatArray>>]>([
    ['m.shape to have two counts', { shape: [-1, 3] }],
    ['m.rowPtr to have length 3', { rowPtr: Int32Array.of(0, 3) }],
    ['m.values to have length 3', { values: Float64Array.of(1) }],
    ['m.rowPtr[0] to have value 0', { rowPtr: Int32Array.of(1, 2, 3) }],
    ['m.rowPtr[2] to have value 3', { rowPtr: Int32Array.of(0, 2, 2) }],
    ['m.rowPtr[2] to have at least 5', { rowPtr: Int32Array.of(0, 5, 3) }],
    ['m.colIndex[2] to have a column in [0, 3), got 3', { colIndex: Int32Array.of(0, 2, 3) }],
    ['m.colIndex[1] to have a column above 0', { colIndex: Int32Array.of(0, 0, 1) }],
    ['m.values[1] to have a finite value', { values: Float64Array.of(1, NaN, 1) }],
  ])('names the fault: %s', (message, fault) => {
    expect(() => validateCsr('test', 'm', { ...good, ...fault })).toThrow(`test: expected ${message}`);
  });
});

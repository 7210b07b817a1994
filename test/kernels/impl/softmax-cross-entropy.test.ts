import fc from 'fast-check';
import { all, type BigNumber, create } from 'mathjs';
import { expect, it } from 'vitest';
import { softmaxCrossEntropyImpl } from '../../../src/kernels/impl/softmax-cross-entropy.ts';
import { expectClose } from '../../support/close.ts';

const big = create(all!, { number: 'BigNumber', precision: 250 });

it('agrees with 250 digits, value and gradient, for logits of any size', () => {
  const logit = fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -200, max: 200, noNaN: true }));
  fc.assert(fc.property(fc.array(logit, { minLength: 2, maxLength: 5 }), fc.nat(4), (logits, pick) => {
    const label = pick % logits.length, C = logits.length, value = new Float64Array(1).fill(NaN), gradient = new Float64Array(C).fill(NaN);
    softmaxCrossEntropyImpl(logits, [label], C, value, gradient);
    const exps = logits.map((x) => big.exp(big.bignumber(x))), total = big.sum(exps) as BigNumber, p = exps.map((e) => big.divide(e, total) as BigNumber);
    expectClose(value, [Number(big.unaryMinus(big.log(p[label]!)))], { rtol: 1e-12, atol: 1e-300 });
    expectClose(gradient, p.map((x, c) => Number(c === label ? big.subtract(x, big.bignumber(1)) : x)), { rtol: 1e-12, atol: 1e-300 });
  }), { numRuns: 200, seed: 2 });
});

it('neither overflows nor loses what is small', () => {
  const value = new Float64Array(2), gradient = new Float64Array(4);
  softmaxCrossEntropyImpl([1e4, -1e4, 40, 0], [1, 0], 2, value, gradient);
  expect(value[0]).toBe(2e4);
  expectClose(value.subarray(1), [Math.log1p(Math.exp(-40))], { rtol: 1e-15, atol: 0 });
  expectClose(gradient, [1, -1, -Math.exp(-40), Math.exp(-40)], { rtol: 1e-15, atol: 0 });
});

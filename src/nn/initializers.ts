import type { Random } from '../core/random.ts';

/** Draws `length` weights of a layer that each output feeds from `fanIn` numbers and each input feeds into `fanOut`. */
export type Initializer = (random: Random, length: number, fanIn: number, fanOut: number) => Float32Array;

/** Normal of variance 2 / fanIn, for layers that a ReLU follows. He et al., "Delving Deep into Rectifiers", ICCV 2015, section 2.2. */
export const heNormal: Initializer = (random, length, fanIn) => {
  const deviation = Math.sqrt(2 / fanIn);
  return Float32Array.from({ length }, () => random.normal(0, deviation));
};

/** Uniform of variance 2 / (fanIn + fanOut). Glorot and Bengio, AISTATS 2010, equation 16. */
export const glorotUniform: Initializer = (random, length, fanIn, fanOut) => {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return Float32Array.from({ length }, () => random.uniform(-limit, limit));
};

/** Normal of standard deviation 0.1, as the code of CoMA has it. */
export const comaNormal: Initializer = (random, length) => Float32Array.from({ length }, () => random.normal(0, 0.1));

/** All zero. */
export const zeros: Initializer = (_, length) => new Float32Array(length);

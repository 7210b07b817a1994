/** A seeded stream of random numbers: the same seed gives the same bits on every platform. */
export interface Random {
  /** Uniform in [low, high), 53 bits; [0, 1) by default. */
  uniform(low?: number, high?: number): number;
  /** Normal with the given mean and standard deviation (Box-Muller). */
  normal(mean?: number, deviation?: number): number;
  /** Uniform integer in [0, count). */
  integer(count: number): number;
  /** An independent stream that depends on this stream's seed and `label` alone, not on how much has been drawn. */
  fork(label: string): Random;
}

// sfc32 (Doty-Humphrey, PractRand) seeded through splitmix32.
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
}

function hash(seed: number, label: string): number {
  let h = seed ^ 0x811c9dc5;
  for (let i = 0; i < label.length; i++) h = Math.imul(h ^ label.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Creates a stream from an integer seed. */
export function createRandom(seed: number): Random {
  const next = splitmix32(seed);
  let a = next(), b = next(), c = next(), counter = 1;
  const bits = (): number => {
    const t = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();

  const unit = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  return {
    uniform: (low = 0, high = 1) => low + (high - low) * unit(),
    normal: (mean = 0, deviation = 1) => {
      const radius = Math.sqrt(-2 * Math.log(1 - unit()));
      return mean + deviation * radius * Math.cos(2 * Math.PI * unit());
    },
    integer: (count) => Math.floor(unit() * count),
    fork: (label) => createRandom(hash(seed, label)),
  };
}

// Timing as ../shared/peers/peerlib.py has it: at least 7 repeats, at most 400, about two seconds; minimum and median.
import { loadavg } from 'node:os';

/** Milliseconds of `body`: `{ ms_min, ms_median, n, load }`. */
export function measure(body, { budget = 2, least = 7, most = 400, warm = 12 } = {}) {
  for (let i = 0; i < warm; i++) body(); // more than peerlib's 3: V8 compiles WebAssembly a second time, after some calls
  const times = [], end = performance.now() + 1000 * budget;
  while (times.length < least || (performance.now() < end && times.length < most)) {
    const begin = performance.now();
    body();
    times.push(performance.now() - begin);
  }
  return summary(times);
}

/** {@link measure} of work that is waited for. */
export async function measureAsync(body, { budget = 2, least = 7, most = 400, warm = 12 } = {}) {
  for (let i = 0; i < warm; i++) await body();
  const times = [], end = performance.now() + 1000 * budget;
  while (times.length < least || (performance.now() < end && times.length < most)) {
    const begin = performance.now();
    await body();
    times.push(performance.now() - begin);
  }
  return summary(times);
}

/** {@link measureAsync} of several pieces of work by turns, so that what else the machine does falls on all alike: ratios of their minima hold. */
export async function measureByTurns(bodies, { budget = 2, least = 7, most = 400, warm = 12 } = {}) {
  const times = bodies.map(() => []), end = performance.now() + 1000 * budget * bodies.length;
  for (let i = 0; i < warm + most && (i < warm + least || performance.now() < end); i++) {
    for (const [k, body] of bodies.entries()) {
      const begin = performance.now();
      await body();
      if (i >= warm) times[k].push(performance.now() - begin);
    }
  }
  return times.map(summary);
}

function summary(times) {
  times.sort((a, b) => a - b);
  return { ms_min: round(times[0]), ms_median: round(times[times.length >> 1]), n: times.length, load: round(loadavg()[0]) };
}

export const round = (x) => Math.round(1e4 * x) / 1e4;

/** Largest absolute difference of two arrays of numbers. */
export const largestDifference = (a, b) => a.length === b.length ? a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0) : NaN;

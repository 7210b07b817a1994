import { expect, it } from 'vitest';
import { cielab } from '../../src/core/cielab.ts';

it.each([
  ['white', [1, 1, 1], [100, 0, 0]], ['black', [0, 0, 0], [0, 0, 0]], ['red', [1, 0, 0], [53.24, 80.09, 67.2]], ['green', [0, 1, 0], [87.73, -86.18, 83.18]], ['blue', [0, 0, 1], [32.3, 79.19, -107.86]],
  ['yellow', [1, 1, 0], [97.14, -21.55, 94.48]], ['middle grey', [119 / 255, 119 / 255, 119 / 255], [50.03, 0, 0]], ['nearly black', [0.01, 0.01, 0.01], [0.699, 0, 0]],
])('has the known value of %s', (name, color, known) => {
  cielab(color).forEach((x, k) => expect(Math.abs(x - known[k]!), `${name} ${k}: ${x}`).toBeLessThan(0.02));
});

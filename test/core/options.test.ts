import { expect, it } from 'vitest';

import { resolveOptions } from '../../src/core/options.ts';
import { formatProgress, formatSeconds } from '../../src/core/progress.ts';

const DEFAULTS = { size: 256, name: 'head' };

it('fills what is not given', () => {
  expect(resolveOptions('f', DEFAULTS, { size: 112, name: undefined })).toEqual({ size: 112, name: 'head' });
});

it('refuses a key it does not know', () => {
  expect(() => resolveOptions('f', DEFAULTS, { sise: 112 } as never)).toThrow('f: expected options to have only the keys size, name, got sise');
});

it('prints elapsed time and time to go', () => {
  expect(formatProgress({ label: 'fit', done: 50, total: 200, seconds: 2, note: 'loss 0.1' })).toBe('fit 50/200 (25 %) 2.0 s, 6.0 s to go, loss 0.1');
  expect([formatSeconds(61), formatSeconds(3700)]).toEqual(['1 min 01 s', '1 h 01 min']);
});

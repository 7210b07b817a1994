import { expect, it } from 'vitest';
import { greyColors } from '../../src/dense/grey-colors.ts';

it('gives each colour three times its luma, and leaves grey as it is', () => {
  const grey = greyColors([1, 0, 0, 0.5, 0.5, 0.5, 0, 0.2, 1]);
  [0.299, 0.299, 0.299, 0.5, 0.5, 0.5, 0.2314, 0.2314, 0.2314].forEach((x, i) => expect(grey[i]).toBeCloseTo(x, 6));
});

import { expect, it } from 'vitest';
import { widerProtocol, widerRows } from '../../src/cli/wider-files.ts';
import { parseWiderPrediction } from '../../src/data/wider-predictions.ts';
import { DETECT_DEFAULTS, TTA_OPTIONS } from '../../src/detector/detect-faces.ts';

it('writes left, top, width, height and score as the evaluation reads them', () => {
  const text = widerRows('0_Parade_1', [{ box: [1.25, 2, 11.5, 22.125], score: 0.75, landmarks5: [] }, { box: [-3.5, -0.5, 5, 9], score: 0.02, landmarks5: [] }]);
  expect(text).toBe('0_Parade_1\n2\n1 2 10 20 0.750000\n-3 0 8 9 0.020000\n');
  expect([...parseWiderPrediction(text).rows]).toEqual([1, 2, 10, 20, 0.75, -3, 0, 8, 9, 0.02]);
  expect(widerRows('none', [])).toBe('none\n0\n');
});

it('says how the predictions were made', () => {
  const weights = { name: 'w.safetensors', sha256: 'abc' }, protocol = (options: object): unknown => JSON.parse(widerProtocol({ ...DETECT_DEFAULTS, ...options }, weights, 'wasm'));
  expect(protocol({ threshold: 0.02 })).toEqual({ resolution: 'original size', maxSide: null, confidence: 0.02, nms: 0.4, tta: false, weights, backend: 'wasm' });
  expect(protocol({ maxSide: 1600, imagePyramid: true })).toMatchObject({ resolution: 'original size and its halves, at most 1600 pixels along the longest side', maxSide: 1600 });
  expect(protocol(TTA_OPTIONS)).toMatchObject({ resolution: 'short edges 500, 800, 1100, 1400, 1700', tta: { shortEdges: [500, 800, 1100, 1400, 1700], flip: true, voting: true } });
});

import { expect, it } from 'vitest';
import { readWeights } from '../../src/io/read-weights.ts';
import { writeSafetensors } from '../../src/io/safetensors.ts';
import { legacyTensor, writeLegacy, writePickle, writeTorchZip, writtenStorage, writtenTensor } from '../support/torch-writer.ts';

it('reads three formats by their content', async () => {
  const data = Float32Array.of(1, 2), tensors = { x: { dtype: 'F32' as const, shape: [2], data } }, storage = writtenStorage('0', 'FloatStorage', data);
  expect(await readWeights(writeSafetensors(tensors, { a: 'b' }))).toEqual({ format: 'safetensors', tensors, path: [], skipped: [] });
  expect(await readWeights(writeTorchZip(writePickle(new Map([['x', writtenTensor(storage, [2], [1])]])), [storage]))).toEqual({ format: 'pytorch', tensors, path: [], skipped: [] });
  expect(await readWeights(writeLegacy(writePickle(new Map([['x', legacyTensor(storage, [2], [1])]])), [storage]))).toEqual({ format: 'pytorch', tensors, path: [], skipped: [] });
  await expect(readWeights(new Uint8Array(0), 'w')).rejects.toThrow(/w: expected the file at byte 0 to have the beginning of a file of torch\.save/);
});

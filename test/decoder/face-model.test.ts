import { beforeAll, expect, it } from 'vitest';
import { readFaceModel, writeFaceModel } from '../../src/decoder/face-model.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { eggModel } from '../support/face-model.ts';

let bytes: Uint8Array;

beforeAll(async () => {
  await useWasmBackend();
  const { decoder, topology } = eggModel();
  bytes = writeFaceModel({ decoder, topology, metadata: { latent: 'whitened' } }, 'F32');
});

const altered = (change: (file: ReturnType<typeof readSafetensors>) => void): Uint8Array => {
  const file = readSafetensors(bytes);
  change(file);
  return writeSafetensors(file.tensors, file.metadata);
};

it('reads back what it wrote', () => {
  const { decoder, topology } = eggModel(), read = readFaceModel(bytes, 'egg');
  expect(read.topology.landmarks68).toEqual(topology.landmarks68);
  expect(read.topology.mirror).toEqual(topology.mirror);
  expect(read.topology.faceMask).toEqual(topology.faceMask);
  expect(read.metadata).toEqual({ latent: 'whitened' });
  expect(read.decoder.config).toEqual(decoder.config);
  expect(writeFaceModel(read, 'F32')).toEqual(bytes);
});

it('refuses another format, another version, missing and misshapen tensors by name', () => {
  expect(() => readFaceModel(altered((f) => { f.metadata.format = 'x'; }), 'm')).toThrow(/m: expected the metadata field format .*retinamesh-face-model, got x/);
  expect(() => readFaceModel(altered((f) => { f.metadata.version = '9'; }), 'm')).toThrow(/version .* got 9/);
  expect(() => readFaceModel(altered((f) => { delete f.tensors['topology.mirror']; }), 'm')).toThrow(/topology\.mirror/);
  expect(() => readFaceModel(altered((f) => { f.tensors['topology.landmarks5'] = { dtype: 'U16', shape: [5], data: Uint16Array.from([0, 1, 2, 3, 9999]) }; }), 'm'))
    .toThrow(/topology\.landmarks5 .*integers in \[0, 642\), got 9999 at 4/);
  expect(() => readFaceModel(altered((f) => { f.tensors.stray = { dtype: 'U8', shape: [1], data: Uint8Array.of(1) }; }), 'm')).toThrow(/stray/);
  expect(() => readFaceModel(bytes.subarray(0, 100), 'm')).toThrow(/m: expected/);
});

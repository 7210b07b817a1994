import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { assertFaceIndices } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

defineKernel<'VertexNormals', BackendWasm>('VertexNormals', 'wasm', ({ vertices, faces }, backend): TensorInfo => {
  const [batch, count] = vertices.shape as [number, number, number], out = backend.makeOutput(vertices.shape, 'float32');
  const [from, index, to] = [vertices, faces, out].map((t) => wasmPointer(backend, t)) as [number, number, number];
  const stray = wasmFunction(backend, 'vertexNormals')(from, index, to, batch, count, faces.shape[0]!);
  assertFaceIndices('vertexNormals', stray, count, () => backend.readSync(faces.dataId) as Int32Array);
  return out;
});

defineKernel<'VertexNormalsGrad', BackendWasm>('VertexNormalsGrad', 'wasm', ({ vertices, faces, dy }, backend): TensorInfo => {
  const [batch, count] = vertices.shape as [number, number, number], out = backend.makeOutput(vertices.shape, 'float32');
  withScratch(backend, 12 * batch * count, (scratch) => {
    const [from, index, arrived, to] = [vertices, faces, dy, out].map((t) => wasmPointer(backend, t)) as [number, number, number, number];
    wasmFunction(backend, 'vertexNormalsGrad')(from, index, arrived, to, scratch, batch, count, faces.shape[0]!);
  });
  return out;
});

import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { vertexNormalsGradImpl, vertexNormalsImpl } from '../impl/vertex-normals.ts';
import { assertFaceIndices } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { cpuFloats, cpuInts } from './access.ts';

defineKernel<'VertexNormals', MathBackendCPU>('VertexNormals', 'cpu', ({ vertices, faces }, backend): TensorInfo => {
  const [batch, vertexCount] = vertices.shape as [number, number, number], out = new Float32Array(3 * batch * vertexCount), indices = cpuInts(backend, faces);
  assertFaceIndices('vertexNormals', vertexNormalsImpl(cpuFloats(backend, vertices), indices, out, { batch, vertexCount }), vertexCount, () => indices);
  return backend.makeTensorInfo(vertices.shape, 'float32', out);
});

defineKernel<'VertexNormalsGrad', MathBackendCPU>('VertexNormalsGrad', 'cpu', ({ vertices, faces, dy }, backend): TensorInfo => {
  const [batch, vertexCount] = vertices.shape as [number, number, number], out = new Float32Array(3 * batch * vertexCount);
  vertexNormalsGradImpl(cpuFloats(backend, vertices), cpuInts(backend, faces), cpuFloats(backend, dy), out, { batch, vertexCount });
  return backend.makeTensorInfo(vertices.shape, 'float32', out);
});

import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { CAMERA_NUMBERS } from '../impl/camera-basis.ts';
import { projectVerticesGradImpl, projectVerticesImpl } from '../impl/project-vertices.ts';
import { assertCamera } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { cpuFloats } from './access.ts';

defineKernel<'ProjectVertices', MathBackendCPU>('ProjectVertices', 'cpu', ({ vertices, cameras }, backend, lens): TensorInfo => {
  const [batch, vertexCount] = vertices.shape as [number, number, number], out = new Float32Array(4 * batch * vertexCount), values = cpuFloats(backend, cameras);
  assertCamera(projectVerticesImpl(cpuFloats(backend, vertices), values, out, { batch, vertexCount }, lens), values);
  return backend.makeTensorInfo([batch, vertexCount, 4], 'float32', out);
});

defineKernel<'ProjectVerticesGrad', MathBackendCPU>('ProjectVerticesGrad', 'cpu', ({ vertices, cameras, dy }, backend, lens): [TensorInfo, TensorInfo] => {
  const [batch, vertexCount] = vertices.shape as [number, number, number], values = cpuFloats(backend, cameras);
  const out = { dVertices: new Float32Array(3 * batch * vertexCount), dCameras: new Float32Array(CAMERA_NUMBERS * batch) };
  assertCamera(projectVerticesGradImpl(cpuFloats(backend, vertices), values, cpuFloats(backend, dy), out, { batch, vertexCount }, lens), values);
  return [backend.makeTensorInfo(vertices.shape, 'float32', out.dVertices), backend.makeTensorInfo(cameras.shape, 'float32', out.dCameras)];
});

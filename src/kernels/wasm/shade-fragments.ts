import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { assertFragments } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmPointer } from './module.ts';

defineKernel<'ShadeFragments', BackendWasm>('ShadeFragments', 'wasm', ({ vertices, normals, colors, lights, faces, faceIndex, barycentrics }, backend, { space }): TensorInfo => {
  const [batch, height, width] = faceIndex.shape as [number, number, number], [count, faceCount] = [vertices.shape[1]!, faces.shape[0]!];
  const out = backend.makeOutput([batch, height, width, 3], 'float32');
  const pointers = [vertices, normals, colors, lights, faces, faceIndex, barycentrics, out].map((t) => wasmPointer(backend, t));
  const stray = wasmFunction(backend, 'shadeFragments')(...pointers, batch, count, faceCount, height * width, space === 'linear' ? 1 : 0);
  const ints = (t: TensorInfo) => () => backend.readSync(t.dataId) as Int32Array;
  assertFragments(stray, count, faceCount, { faces: ints(faces), faceIndex: ints(faceIndex) }, 'shadeFragments');
  return out;
});

defineKernel<'ShadeFragmentsGrad', BackendWasm>('ShadeFragmentsGrad', 'wasm', (
  { vertices, normals, colors, lights, faces, faceIndex, barycentrics, dy }, backend, { space },
): [TensorInfo, TensorInfo, TensorInfo, TensorInfo, TensorInfo] => {
  const [batch, height, width] = faceIndex.shape as [number, number, number];
  const outs = [vertices, normals, colors, lights, barycentrics].map((like) => backend.makeOutput(like.shape, 'float32'));
  const pointers = [vertices, normals, colors, lights, faces, faceIndex, barycentrics, dy, ...outs].map((t) => wasmPointer(backend, t));
  wasmFunction(backend, 'shadeFragmentsGrad')(...pointers, batch, vertices.shape[1]!, height * width, space === 'linear' ? 1 : 0);
  return outs as unknown as [TensorInfo, TensorInfo, TensorInfo, TensorInfo, TensorInfo];
});

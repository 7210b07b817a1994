import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { LIGHT_NUMBERS, shadeFragmentsGradImpl, shadeFragmentsImpl, type ShadeSizes } from '../impl/shade-fragments.ts';
import { assertFragments } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { cpuFloats, cpuInts } from './access.ts';

type Inputs = Record<'vertices' | 'normals' | 'colors' | 'lights' | 'faces' | 'faceIndex' | 'barycentrics', TensorInfo>;

function read(backend: MathBackendCPU, { vertices, normals, colors, lights, faces, faceIndex, barycentrics }: Inputs) {
  const [batch, height, width] = faceIndex.shape as [number, number, number], sizes: ShadeSizes = { batch, vertexCount: vertices.shape[1]!, pixels: height * width };
  return {
    sizes, inputs: { vertices: cpuFloats(backend, vertices), normals: cpuFloats(backend, normals), colors: cpuFloats(backend, colors), lights: cpuFloats(backend, lights) },
    at: { faces: cpuInts(backend, faces), faceIndex: cpuInts(backend, faceIndex), barycentrics: cpuFloats(backend, barycentrics) },
  };
}

defineKernel<'ShadeFragments', MathBackendCPU>('ShadeFragments', 'cpu', (tensors, backend, { space }): TensorInfo => {
  const { sizes, inputs, at } = read(backend, tensors), out = new Float32Array(3 * sizes.batch * sizes.pixels);
  assertFragments(shadeFragmentsImpl(inputs, at, out, sizes, space), sizes.vertexCount, at.faces.length / 3, { faces: () => at.faces, faceIndex: () => at.faceIndex }, 'shadeFragments');
  return backend.makeTensorInfo([...tensors.faceIndex.shape, 3], 'float32', out);
});

defineKernel<'ShadeFragmentsGrad', MathBackendCPU>('ShadeFragmentsGrad', 'cpu', ({ dy, ...tensors }, backend, { space }): [TensorInfo, TensorInfo, TensorInfo, TensorInfo, TensorInfo] => {
  const { sizes, inputs, at } = read(backend, tensors), { batch, vertexCount, pixels } = sizes, perVertex = (): Float32Array => new Float32Array(3 * batch * vertexCount);
  const out = { dVertices: perVertex(), dNormals: perVertex(), dColors: perVertex(), dLights: new Float32Array(LIGHT_NUMBERS * batch), dBarycentrics: new Float32Array(3 * batch * pixels) };
  shadeFragmentsGradImpl(inputs, at, cpuFloats(backend, dy), out, sizes, space);
  const info = (like: TensorInfo, values: Float32Array): TensorInfo => backend.makeTensorInfo(like.shape, 'float32', values);
  const { vertices, normals, colors, lights, barycentrics } = tensors;
  return [info(vertices, out.dVertices), info(normals, out.dNormals), info(colors, out.dColors), info(lights, out.dLights), info(barycentrics, out.dBarycentrics)];
});

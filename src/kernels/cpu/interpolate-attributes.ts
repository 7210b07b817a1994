import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import {
  type Interpolation, type InterpolationSizes, interpolateAttributesBackpropAttributesImpl, interpolateAttributesBackpropBarycentricsImpl, interpolateAttributesImpl,
} from '../impl/interpolate-attributes.ts';
import { assertFragments } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { cpuFloats, cpuInts } from './access.ts';

defineKernel<'InterpolateAttributes', MathBackendCPU>('InterpolateAttributes', 'cpu', ({ attributes, faces, faceIndex, barycentrics }, backend): TensorInfo => {
  const sizes = sizesOf(attributes.shape, faceIndex.shape), at = fragmentsOf(backend, faces, faceIndex, barycentrics);
  const out = new Float32Array(sizes.batch * sizes.pixels * sizes.channels);
  assertStray(interpolateAttributesImpl(cpuFloats(backend, attributes), at, out, sizes), at, sizes);
  return backend.makeTensorInfo([...faceIndex.shape, sizes.channels], 'float32', out);
});

defineKernel<'InterpolateAttributesBackpropAttributes', MathBackendCPU>(
  'InterpolateAttributesBackpropAttributes', 'cpu', ({ dy, faces, faceIndex, barycentrics }, backend, { batch, rows }): TensorInfo => {
    const shape = [batch, rows, dy.shape[3]!], sizes = sizesOf(shape, faceIndex.shape), at = fragmentsOf(backend, faces, faceIndex, barycentrics);
    const out = new Float32Array(batch * rows * sizes.channels);
    assertStray(interpolateAttributesBackpropAttributesImpl(cpuFloats(backend, dy), at, out, sizes), at, sizes);
    return backend.makeTensorInfo(shape, 'float32', out);
  },
);

defineKernel<'InterpolateAttributesBackpropBarycentrics', MathBackendCPU>(
  'InterpolateAttributesBackpropBarycentrics', 'cpu', ({ dy, attributes, faces, faceIndex }, backend): TensorInfo => {
    const sizes = sizesOf(attributes.shape, faceIndex.shape), out = new Float32Array(sizes.batch * sizes.pixels * 3);
    const at = { faces: cpuInts(backend, faces), faceIndex: cpuInts(backend, faceIndex), barycentrics: out };
    assertStray(interpolateAttributesBackpropBarycentricsImpl(cpuFloats(backend, dy), cpuFloats(backend, attributes), at, out, sizes), at, sizes);
    return backend.makeTensorInfo([...faceIndex.shape, 3], 'float32', out);
  },
);

function sizesOf(attributes: readonly number[], [batch, height, width]: readonly number[]): InterpolationSizes {
  const [copies, vertexCount, channels] = attributes as [number, number, number];
  return { batch: batch!, shared: copies === 1, vertexCount, channels, pixels: height! * width! };
}

const fragmentsOf = (backend: MathBackendCPU, faces: TensorInfo, faceIndex: TensorInfo, barycentrics: TensorInfo): Interpolation => ({
  faces: cpuInts(backend, faces), faceIndex: cpuInts(backend, faceIndex), barycentrics: cpuFloats(backend, barycentrics),
});

function assertStray(stray: number, { faces, faceIndex }: Interpolation, { vertexCount }: InterpolationSizes): void {
  assertFragments(stray, vertexCount, faces.length / 3, { faces: () => faces, faceIndex: () => faceIndex });
}

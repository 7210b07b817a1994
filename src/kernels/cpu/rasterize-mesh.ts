import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { rasterizeMeshGradImpl } from '../impl/rasterize-mesh-grad.ts';
import { rasterizeMeshImpl } from '../impl/rasterize-mesh.ts';
import { assertRasterizable } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { cpuFloats, cpuInts } from './access.ts';

defineKernel<'RasterizeMesh', MathBackendCPU>('RasterizeMesh', 'cpu', ({ vertices, faces }, backend, { height, width }): [TensorInfo, TensorInfo, TensorInfo] => {
  const [batch, vertexCount] = vertices.shape as [number, number, number], faceCount = faces.shape[0]!, pixels = batch * height * width;
  const faceIndex = new Int32Array(pixels), barycentrics = new Float32Array(3 * pixels), zBuffer = new Float32Array(pixels);
  const values = cpuFloats(backend, vertices), corners = cpuInts(backend, faces);
  const stray = rasterizeMeshImpl(values, corners, { faceIndex, barycentrics, zBuffer }, { batch, vertexCount, faceCount, height, width });
  assertRasterizable(stray, vertexCount, faceCount, { faces: () => corners, vertices: () => values });
  return [
    backend.makeTensorInfo([batch, height, width], 'int32', faceIndex),
    backend.makeTensorInfo([batch, height, width, 3], 'float32', barycentrics),
    backend.makeTensorInfo([batch, height, width], 'float32', zBuffer),
  ];
});

defineKernel<'RasterizeMeshGrad', MathBackendCPU>('RasterizeMeshGrad', 'cpu', ({ vertices, faces, faceIndex, barycentrics, dBarycentrics }, backend): TensorInfo => {
  const [batch, vertexCount] = vertices.shape as [number, number, number], [, height, width] = faceIndex.shape as [number, number, number];
  const out = new Float32Array(batch * vertexCount * 4);
  rasterizeMeshGradImpl(
    cpuFloats(backend, vertices), cpuInts(backend, faces), cpuInts(backend, faceIndex), cpuFloats(backend, barycentrics), cpuFloats(backend, dBarycentrics), out,
    { batch, vertexCount, faceCount: faces.shape[0]!, height, width },
  );
  return backend.makeTensorInfo(vertices.shape, 'float32', out);
});

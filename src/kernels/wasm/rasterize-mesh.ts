import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { STEEPEST_FRAGMENT } from '../impl/rasterize-mesh-grad.ts';
import { assertRasterizable } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

defineKernel<'RasterizeMesh', BackendWasm>('RasterizeMesh', 'wasm', ({ vertices, faces }, backend, { height, width }): [TensorInfo, TensorInfo, TensorInfo] => {
  const [batch, vertexCount] = vertices.shape as [number, number, number], faceCount = faces.shape[0]!;
  const faceIndex = backend.makeOutput([batch, height, width], 'int32'), barycentrics = backend.makeOutput([batch, height, width, 3], 'float32');
  const zBuffer = backend.makeOutput([batch, height, width], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t), boundBytes = Math.ceil((8 * vertexCount) / 16) * 16, planeBytes = 144;
  const stray = withScratch(backend, boundBytes + planeBytes + 8 * height * (width + 1), (scratch) => wasmFunction(backend, 'rasterizeMesh')(
    at(vertices), at(faces), at(faceIndex), at(barycentrics), at(zBuffer), scratch, scratch + boundBytes, scratch + boundBytes + planeBytes, batch, vertexCount, faceCount, height, width,
  ));
  assertRasterizable(stray, vertexCount, faceCount, {
    faces: () => backend.readSync(faces.dataId) as Int32Array, vertices: () => backend.readSync(vertices.dataId) as Float32Array,
  });
  return [faceIndex, barycentrics, zBuffer];
});

defineKernel<'RasterizeMeshGrad', BackendWasm>('RasterizeMeshGrad', 'wasm', ({ vertices, faces, faceIndex, barycentrics, dBarycentrics }, backend): TensorInfo => {
  const [batch, vertexCount] = vertices.shape as [number, number, number], [, height, width] = faceIndex.shape as [number, number, number];
  const out = backend.makeOutput(vertices.shape, 'float32'), at = (t: TensorInfo): number => wasmPointer(backend, t);
  wasmFunction(backend, 'rasterizeMeshGrad')(
    at(vertices), at(faces), at(faceIndex), at(barycentrics), at(dBarycentrics), at(out), batch, vertexCount, height, width, 1 / height, 1 / width, STEEPEST_FRAGMENT,
  );
  return out;
});

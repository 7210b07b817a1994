import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type CameraBasis, cameraBasis, CAMERA_NUMBERS, type Lens } from '../impl/camera-basis.ts';
import { cameraGradient, depthMap } from '../impl/project-vertices.ts';
import { assertCamera } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmMemory, wasmPointer, withScratch } from './module.ts';

/** Bytes of one basis, and of the sums of a gradient, as the assembly lays them out. */
const BASIS_BYTES = 16 * 8, SUMS_BYTES = 12 * 8;

defineKernel<'ProjectVertices', BackendWasm>('ProjectVertices', 'wasm', ({ vertices, cameras }, backend, lens): TensorInfo => {
  const [batch, count] = vertices.shape as [number, number, number], bases = readBases(backend, cameras, batch);
  const out = backend.makeOutput([batch, count, 4], 'float32'), [from, to] = [wasmPointer(backend, vertices), wasmPointer(backend, out)];
  withScratch(backend, BASIS_BYTES, (scratch) => bases.forEach((basis, b) => {
    writeBasis(backend, scratch, basis, lens);
    wasmFunction(backend, 'projectVertices')(from + 12 * b * count, scratch, to + 16 * b * count, count);
  }));
  return out;
});

defineKernel<'ProjectVerticesGrad', BackendWasm>('ProjectVerticesGrad', 'wasm', ({ vertices, cameras, dy }, backend, lens): [TensorInfo, TensorInfo] => {
  const [batch, count] = vertices.shape as [number, number, number], bases = readBases(backend, cameras, batch);
  const dVertices = backend.makeOutput(vertices.shape, 'float32'), dCameras = backend.makeOutput(cameras.shape, 'float32');
  const [from, arrived, to] = [vertices, dy, dVertices].map((t) => wasmPointer(backend, t)) as [number, number, number];
  withScratch(backend, BASIS_BYTES + SUMS_BYTES, (scratch) => bases.forEach((basis, b) => {
    writeBasis(backend, scratch, basis, lens);
    wasmFunction(backend, 'projectVerticesGrad')(from + 12 * b * count, scratch, arrived + 16 * b * count, to + 12 * b * count, scratch + BASIS_BYTES, count);
    const memory = wasmMemory(backend).buffer, sums = Array.from(new Float64Array(memory, scratch + BASIS_BYTES, 12));
    const gradient = cameraGradient(basis, { gx: sums.slice(0, 3).map((g) => g / lens.aspect), gy: sums.slice(3, 6), gw: sums.slice(6, 9), sum: sums.slice(9) });
    new Float32Array(memory, wasmPointer(backend, dCameras), CAMERA_NUMBERS * batch).set(gradient, CAMERA_NUMBERS * b);
  }));
  return [dVertices, dCameras];
});

function readBases(backend: BackendWasm, cameras: TensorInfo, batch: number): CameraBasis[] {
  const values = backend.readSync(cameras.dataId) as Float32Array, bases = Array.from({ length: batch }, (_, b) => cameraBasis(values, b));
  assertCamera(bases.indexOf(null), values);
  return bases as CameraBasis[];
}

function writeBasis(backend: BackendWasm, pointer: number, { right, up, forward, eye, focalLength }: CameraBasis, lens: Lens): void {
  const { scale, offset } = depthMap(lens);
  new Float64Array(wasmMemory(backend).buffer, pointer, 16).set([...right.map((x) => x / lens.aspect), ...up, ...forward, ...eye, focalLength, 0, scale, offset]);
}

import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { assertSilhouettes } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmPointer } from './module.ts';

type SceneInputs = Record<'image' | 'vertices' | 'faces' | 'edges' | 'faceIndex' | 'zBuffer', TensorInfo>;

defineKernel<'AntialiasEdges', BackendWasm>('AntialiasEdges', 'wasm', (inputs, backend): TensorInfo => {
  const out = backend.makeOutput(inputs.image.shape, 'float32');
  walk(backend, inputs, 0, wasmPointer(backend, out), 0);
  return out;
});

defineKernel<'AntialiasEdgesGrad', BackendWasm>('AntialiasEdgesGrad', 'wasm', ({ dy, ...inputs }, backend): [TensorInfo, TensorInfo] => {
  const dImage = backend.makeOutput(inputs.image.shape, 'float32'), dVertices = backend.makeOutput(inputs.vertices.shape, 'float32');
  walk(backend, inputs, wasmPointer(backend, dy), wasmPointer(backend, dImage), wasmPointer(backend, dVertices));
  return [dImage, dVertices];
});

/** The image (no `dy`), or both gradients. */
function walk(backend: BackendWasm, { image, vertices, faces, edges, faceIndex, zBuffer }: SceneInputs, dy: number, out: number, dVertices: number): void {
  const [batch, height, width, channels] = image.shape as [number, number, number, number], vertexCount = vertices.shape[1]!, faceCount = faces.shape[0]!, edgeCount = edges.shape[0]!;
  const pointers = [image, vertices, faces, edges, faceIndex, zBuffer].map((t) => wasmPointer(backend, t));
  const stray = wasmFunction(backend, 'antialiasEdges')(...pointers, dy, out, dVertices, batch, vertexCount, faceCount, edgeCount, height, width, channels);
  const read = (t: TensorInfo) => () => backend.readSync(t.dataId) as Int32Array;
  assertSilhouettes(stray, vertexCount, faceCount, edgeCount, { faces: read(faces), edges: read(edges), faceIndex: read(faceIndex) });
}

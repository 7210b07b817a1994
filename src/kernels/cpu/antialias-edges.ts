import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { antialiasEdgesBackpropImageImpl, antialiasEdgesBackpropVerticesImpl, antialiasEdgesImpl } from '../impl/antialias-edges.ts';
import { type SilhouetteScene, type SilhouetteSizes, strayEdge } from '../impl/walk-silhouettes.ts';
import { assertSilhouettes } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { cpuFloats, cpuInts } from './access.ts';

type SceneInputs = Record<'vertices' | 'faces' | 'edges' | 'faceIndex' | 'zBuffer', TensorInfo>;

defineKernel<'AntialiasEdges', MathBackendCPU>('AntialiasEdges', 'cpu', ({ image, ...inputs }, backend): TensorInfo => {
  const sizes = sizesOf(image, inputs), out = new Float32Array(sizes.batch * sizes.height * sizes.width * sizes.channels);
  antialiasEdgesImpl(cpuFloats(backend, image), sceneOf(backend, inputs, sizes), out, sizes);
  return backend.makeTensorInfo(image.shape, 'float32', out);
});

defineKernel<'AntialiasEdgesGrad', MathBackendCPU>('AntialiasEdgesGrad', 'cpu', ({ dy, image, ...inputs }, backend): [TensorInfo, TensorInfo] => {
  const sizes = sizesOf(image, inputs), scene = sceneOf(backend, inputs, sizes), values = cpuFloats(backend, dy);
  const dImage = new Float32Array(values.length), dVertices = new Float32Array(scene.vertices.length);
  antialiasEdgesBackpropImageImpl(values, scene, dImage, sizes);
  antialiasEdgesBackpropVerticesImpl(values, cpuFloats(backend, image), scene, dVertices, sizes);
  return [backend.makeTensorInfo(image.shape, 'float32', dImage), backend.makeTensorInfo(inputs.vertices.shape, 'float32', dVertices)];
});

function sizesOf({ shape }: TensorInfo, { vertices }: SceneInputs): SilhouetteSizes {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return { batch, vertexCount: vertices.shape[1]!, height, width, channels };
}

function sceneOf(backend: MathBackendCPU, { vertices, faces, edges, faceIndex, zBuffer }: SceneInputs, { vertexCount }: SilhouetteSizes): SilhouetteScene {
  const scene = {
    vertices: cpuFloats(backend, vertices), faces: cpuInts(backend, faces), edges: cpuInts(backend, edges), faceIndex: cpuInts(backend, faceIndex), zBuffer: cpuFloats(backend, zBuffer),
  };
  assertSilhouettes(strayEdge(scene, vertexCount), vertexCount, scene.faces.length / 3, scene.edges.length / 4, { faces: () => scene.faces, edges: () => scene.edges, faceIndex: () => scene.faceIndex });
  return scene;
}

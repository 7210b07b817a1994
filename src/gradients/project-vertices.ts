import { defineGradient, runKernel } from '../kernels/registry.ts';

defineGradient('ProjectVertices', ['vertices', 'cameras'], (dy, { vertices, cameras }, { aspect, near, far }) => {
  const [dVertices, dCameras] = runKernel('ProjectVerticesGrad', { vertices, cameras, dy }, { aspect, near, far });
  return { vertices: () => dVertices, cameras: () => dCameras };
});

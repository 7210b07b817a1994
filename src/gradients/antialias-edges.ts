import { defineGradient, runKernel } from '../kernels/registry.ts';

defineGradient('AntialiasEdges', ['image', 'vertices', 'faces', 'edges', 'faceIndex', 'zBuffer'], (dy, saved) => {
  const [dImage, dVertices] = runKernel('AntialiasEdgesGrad', { ...saved, dy });
  return { image: () => dImage, vertices: () => dVertices };
});

import { defineGradient, runKernel } from '../kernels/registry.ts';

defineGradient('ShadeFragments', ['vertices', 'normals', 'colors', 'lights', 'faces', 'faceIndex', 'barycentrics'], (dy, saved, { space }) => {
  const [dVertices, dNormals, dColors, dLights, dBarycentrics] = runKernel('ShadeFragmentsGrad', { ...saved, dy }, { space });
  return { vertices: () => dVertices, normals: () => dNormals, colors: () => dColors, lights: () => dLights, barycentrics: () => dBarycentrics };
});

import { defineGradient, runKernel } from '../kernels/registry.ts';

// Only the barycentrics are differentiable; faceIndex and zBuffer are constants of the gradient.
defineGradient('RasterizeMesh', ['vertices', 'faces'], ([, dBarycentrics], { vertices, faces }, _, [faceIndex, barycentrics]) => ({
  vertices: () => runKernel('RasterizeMeshGrad', { vertices, faces, faceIndex: faceIndex!, barycentrics: barycentrics!, dBarycentrics }),
}), [true, true, false]);

import { defineGradient, runKernel } from '../kernels/registry.ts';

// A gather of rows and the sum of rows into their places are each other's adjoint. The index is constant.
defineGradient('GatherRows', ['x', 'index'], (dy, { x, index }, { begin }) => ({
  x: () => runKernel('ScatterRows', { y: dy, index }, { rows: x.shape[1]!, cols: x.shape[2]!, begin }),
}));

defineGradient('ScatterRows', ['y', 'index'], (dx, { y, index }, { begin }) => ({
  y: () => runKernel('GatherRows', { x: dx, index }, { begin, size: y.shape[2]! }),
}));

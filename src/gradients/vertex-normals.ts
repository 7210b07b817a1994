import { defineGradient, runKernel } from '../kernels/registry.ts';

defineGradient('VertexNormals', ['vertices', 'faces'], (dy, { vertices, faces }) => ({ vertices: () => runKernel('VertexNormalsGrad', { vertices, faces, dy }) }));

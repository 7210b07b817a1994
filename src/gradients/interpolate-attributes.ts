import { defineGradient, runKernel } from '../kernels/registry.ts';

defineGradient('InterpolateAttributes', ['attributes', 'faces', 'faceIndex', 'barycentrics'], (dy, { attributes, faces, faceIndex, barycentrics }) => ({
  attributes: () => runKernel(
    'InterpolateAttributesBackpropAttributes', { dy, faces, faceIndex, barycentrics }, { batch: attributes.shape[0]!, rows: attributes.shape[1]! },
  ),
  barycentrics: () => runKernel('InterpolateAttributesBackpropBarycentrics', { dy, attributes, faces, faceIndex }),
}));

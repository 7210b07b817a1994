// Registers every kernel of this library on the `cpu` backend.
import * as tf from '@tensorflow/tfjs';
import './antialias-edges.ts';
import './cheb-conv.ts';
import './chebyshev-basis.ts';
import './deform-conv2d.ts';
import './interpolate-attributes.ts';
import './linear.ts';
import './project-vertices.ts';
import './rasterize-mesh.ts';
import './rows.ts';
import './shade-fragments.ts';
import './sparse-mat-mul.ts';
import './vertex-normals.ts';

/** Makes the plain JavaScript backend current: slow, runs anywhere, the numerical reference in float32. */
export async function useCpuBackend(): Promise<void> {
  await tf.setBackend('cpu');
}

// One line per kernel file. Rules of the house for every function here: raw pointers, loads, stores and v128 only; no
// strings, arrays, static data or objects, which would land on the static memory of TensorFlow.js itself.
export * from './antialias-edges';
export * from './broadcast-rows';
export * from './cheb-conv';
export * from './chebyshev-basis';
export * from './conv-backprop';
export * from './conv-rows';
export * from './depthwise-backprop';
export * from './depthwise-row';
export * from './copy-columns';
export * from './deform-columns';
export * from './deform-conv2d';
export * from './elementwise';
export * from './gemm-transposed-rows';
export * from './interpolate-attributes';
export * from './linear';
export * from './pad-rows';
export * from './rasterize-mesh';
export * from './rasterize-mesh-grad';
export * from './project-vertices';
export * from './rows';
export * from './shade-fragments';
export * from './sparse-mat-mul';
export * from './vertex-normals';
export * from './winograd';

// The parts of TensorFlow.js that decoding a mesh needs, on two backends, and nothing else: the whole packages would be 1.4 MB of script.
// build.mjs points '@tensorflow/tfjs' at the core's bare functions. What is missing here fails at the first decode, which a test does.
import '@tensorflow/tfjs-core/dist/base_side_effects.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/add.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/clip_by_value.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/div.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/mul.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/reshape.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/rsqrt.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/sqrt.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/square.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/sub.js';
import './stock-kernels.ts';
import '../../../kernels/cpu/cheb-conv.ts';
import '../../../kernels/cpu/linear.ts';
import '../../../kernels/cpu/rows.ts';
import '../../../kernels/cpu/sparse-mat-mul.ts';
import '../../../kernels/wasm/broadcast-rows.ts';
import '../../../kernels/wasm/cheb-conv.ts';
import '../../../kernels/wasm/concat.ts';
import '../../../kernels/wasm/identity.ts';
import '../../../kernels/wasm/linear.ts';
import '../../../kernels/wasm/rows.ts';
import '../../../kernels/wasm/sparse-mat-mul.ts';

import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu/dist/base.js';
import '@tensorflow/tfjs-backend-wasm/dist/base.js';
import { addConfig as addCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Add.js';
import { castConfig as castCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Cast.js';
import { clipByValueConfig as clipByValueCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/ClipByValue.js';
import { concatConfig as concatCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Concat.js';
import { eluConfig as eluCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Elu.js';
import { fillConfig as fillCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Fill.js';
import { identityConfig as identityCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Identity.js';
import { multiplyConfig as multiplyCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Multiply.js';
import { realDivConfig as realDivCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/RealDiv.js';
import { reluConfig as reluCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Relu.js';
import { reshapeConfig as reshapeCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Reshape.js';
import { rsqrtConfig as rsqrtCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Rsqrt.js';
import { sqrtConfig as sqrtCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sqrt.js';
import { squareConfig as squareCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Square.js';
import { subConfig as subCpu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sub.js';
import { addConfig as addWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Add.js';
import { castConfig as castWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Cast.js';
import { clipByValueConfig as clipByValueWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/ClipByValue.js';
import { concatConfig as concatWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Concat.js';
import { eluConfig as eluWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Elu.js';
import { fillConfig as fillWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Fill.js';
import { identityConfig as identityWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Identity.js';
import { multiplyConfig as multiplyWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Multiply.js';
import { realDivConfig as realDivWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/RealDiv.js';
import { reluConfig as reluWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Relu.js';
import { reshapeConfig as reshapeWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape.js';
import { rsqrtConfig as rsqrtWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Rsqrt.js';
import { sqrtConfig as sqrtWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sqrt.js';
import { squareConfig as squareWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Square.js';
import { subConfig as subWasm } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sub.js';

// Before this library's own kernels, which replace some of them.
for (const config of [
  addCpu, castCpu, clipByValueCpu, concatCpu, eluCpu, fillCpu, identityCpu, multiplyCpu, realDivCpu, reluCpu, reshapeCpu, rsqrtCpu, sqrtCpu, squareCpu, subCpu,
  addWasm, castWasm, clipByValueWasm, concatWasm, eluWasm, fillWasm, identityWasm, multiplyWasm, realDivWasm, reluWasm, reshapeWasm, rsqrtWasm, sqrtWasm, squareWasm, subWasm,
]) tf.registerKernel(config);

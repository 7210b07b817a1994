import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../support/backends.ts';
import { eggModel } from '../support/face-model.ts';

describeOnBackends('repeated steps of a decoder', (backend) => {
  it('leave tensors, their bytes and the memory of WebAssembly as they were', () => {
    const { decoder } = eggModel(), latent = tf.variable(tf.randomNormal<tf.Rank.R2>([2, decoder.config.latentSize], 0, 1, 'float32', 3));
    const step = (): void => {
      const { value, grads } = tf.variableGrads(() => {
        const { vertices, colors } = decoder.decode(latent);
        return vertices.square().mean().add(colors.mean()) as tf.Scalar;
      }, [latent, ...Object.values(decoder.parameters)]);
      tf.dispose([value, grads]);
    };
    const held = (): unknown[] => {
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      const heap = backend === 'wasm' ? (tf.backend() as unknown as { wasm: { asm: { memory: WebAssembly.Memory } } }).wasm.asm.memory.buffer.byteLength : 0;
      return [numTensors, numDataBuffers, numBytes, heap];
    };
    for (let i = 0; i < 3; i++) step(); // the heap grows to what a step needs
    const before = held();
    for (let i = 0; i < (backend === 'wasm' ? 200 : 5); i++) step();
    expect(held()).toEqual(before);
    decoder.dispose();
    latent.dispose();
  });
});

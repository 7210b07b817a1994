import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { ProgressListener } from '../core/progress.ts';
import { createRandom } from '../core/random.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import { linear } from '../ops/linear.ts';
import { Adam } from '../training/adam.ts';
import { cosineRate } from '../training/cosine-rate.ts';
import { createDenseBranch, type DenseBranch } from './dense-branch.ts';
import type { HeadSample } from './head-sample.ts';
import { TRAIN_DENSE_HEAD_DEFAULTS, type TrainDenseHeadOptions } from './train-dense-head-options.ts';

/** A dense head on one kind of anchor, a 1 x 1 convolution: `raw = features W + bias`. */
export interface DenseHead {
  /** `[C, 144]` */
  readonly weight: Float32Array;
  /** `[144]` */
  readonly bias: Float32Array;
}

/** What {@link trainDenseHead} takes beside its work. */
export interface TrainDenseHeadHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Called with the head before the first step, after every `every` steps and after the last. */
  readonly look?: { readonly every: number; readonly at: (head: DenseHead, step: number, loss: number) => void } | undefined;
}

/**
 * Trains a dense head on features that stay as they are, through the pixel loss: only the head learns, detector and decoder do not.
 *
 * Features are standardised for Adam's sake and the result is folded back, so that the head takes them as the detector gives them. It begins at zero: the mean face, frontal, in
 * the anchor. The same samples and seed give the same bits on one backend.
 *
 * @throws {@link ArgumentError} without samples or for an option out of range; the signal's reason when aborted.
 */
export async function trainDenseHead(samples: readonly HeadSample[], model: Pick<FaceModel, 'decoder' | 'topology'>, options?: Partial<TrainDenseHeadOptions>, { signal, onProgress, look }: TrainDenseHeadHooks = {}): Promise<DenseHead> {
  const where = 'trainDenseHead', resolved = resolveOptions(where, TRAIN_DENSE_HEAD_DEFAULTS, options), { steps, batch, rate, landmarkWeight, size, seed } = resolved;
  if (samples.length === 0) throw new ArgumentError(where, 'samples', 'at least one face', 'none');
  for (const name of ['steps', 'batch'] as const) if (!(Number.isInteger(resolved[name]) && resolved[name] >= 1)) throw new ArgumentError(where, name, 'a whole number of at least 1', String(resolved[name]));
  for (const name of ['rate', 'prior'] as const) if (!(resolved[name] >= 0 && resolved[name] < Infinity)) throw new ArgumentError(where, name, 'a number of at least 0', String(resolved[name]));
  const branch = createDenseBranch({ model, size, landmarkWeight, maxFaces: batch, seed }), scaling = featureScaling(samples), C = samples[0]!.features.length, N = model.decoder.config.latentSize + 16;
  const head = { weight: new Float32Array(C * N), bias: new Float32Array(N) }, adam = new Adam(), began = performance.now(), random = createRandom(seed);
  let order: number[] = [], sum = 0, summed = 0;
  try {
    look?.at(folded(head, scaling), 0, NaN);
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      if (order.length < batch) order = [...order, ...shuffled(samples.length, random.fork(`order ${step}`))];
      const { loss, ...gradient } = headGradient(branch, head, order.splice(0, batch).map((i) => samples[i]!), scaling, resolved.prior, step);
      adam.update(head, gradient, cosineRate(step, { steps, rate, warmup: 20, final: 0.02 }));
      [sum, summed] = [sum + loss, summed + 1];
      const done = step + 1;
      if (done % 8 === 0 || done === steps) {
        onProgress?.({ label: 'train', done, total: steps, seconds: (performance.now() - began) / 1000, note: `loss ${(sum / summed).toPrecision(3)}` });
        await new Promise((resolve) => { setTimeout(resolve, 0); });
      }
      if (look && (done % look.every === 0 || done === steps)) {
        look.at(folded(head, scaling), done, sum / summed);
        [sum, summed] = [0, 0];
      }
    }
    return folded(head, scaling);
  } finally {
    branch.dispose();
  }
}

/** The raw numbers of a head on features `[C]`. */
export function applyHead({ weight, bias }: DenseHead, features: Float32Array): Float64Array {
  const N = bias.length, out = Float64Array.from(bias);
  features.forEach((x, c) => { for (let n = 0; n < N; n++) out[n]! += x * weight[c * N + n]!; });
  return out;
}

interface Scaling {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

function headGradient(branch: DenseBranch, { weight, bias }: DenseHead, samples: readonly HeadSample[], scaling: Scaling, prior: number, step: number): DenseHead & { loss: number } {
  const B = samples.length, N = bias.length, { width, height } = samples[0]!.picture;
  return tf.tidy(() => {
    const pixels = new Float32Array(B * height * width * 3);
    samples.forEach(({ picture }, b) => picture.data.forEach((x, i) => { pixels[b * picture.data.length + i] = x / 255; }));
    const images = tf.tensor4d(pixels, [B, height, width, 3]);
    const features = tf.tensor2d(Float32Array.from(samples.flatMap((sample) => Array.from(standardised(sample.features, scaling)))), [B, weight.length / N]);
    const windows = samples.map(({ window }, image) => ({ ...window, image }));
    const { value, grads } = tf.valueAndGrads((w: tf.Tensor, b: tf.Tensor): tf.Scalar => {
      const raw = linear(features, w as tf.Tensor2D, b as tf.Tensor1D), { loss } = branch.loss(raw, images, windows, step);
      return loss.add(raw.square().sum().mul(prior / 2 / B)) as tf.Scalar;
    })([tf.tensor2d(weight, [weight.length / N, N]), tf.tensor1d(bias)]);
    return { loss: value.dataSync()[0]!, weight: grads[0]!.dataSync<'float32'>().slice(), bias: grads[1]!.dataSync<'float32'>().slice() };
  });
}

function featureScaling(samples: readonly HeadSample[]): Scaling {
  const C = samples[0]!.features.length, mean = new Float32Array(C), deviation = new Float32Array(C);
  for (let c = 0; c < C; c++) {
    const values = samples.map(({ features }) => features[c]!), middle = values.reduce((a, b) => a + b) / values.length;
    mean[c] = middle;
    deviation[c] = Math.sqrt(values.reduce((sum, x) => sum + (x - middle) ** 2, 0) / values.length);
  }
  return { mean, deviation };
}

/** A channel that never changes stays out: its weight could be anything. */
const standardised = (features: Float32Array, { mean, deviation }: Scaling): Float32Array => features.map((x, c) => (deviation[c]! > 0 ? (x - mean[c]!) / deviation[c]! : 0));

/** The same head on features as they are. */
function folded({ weight, bias }: DenseHead, { mean, deviation }: Scaling): DenseHead {
  const N = bias.length, scaled = weight.map((w, i) => { const s = deviation[Math.floor(i / N)]!; return s > 0 ? w / s : 0; }), shift = Float64Array.from(bias);
  scaled.forEach((w, i) => { shift[i % N]! -= mean[Math.floor(i / N)]! * w; });
  return { weight: scaled, bias: Float32Array.from(shift) };
}

function shuffled(count: number, random: ReturnType<typeof createRandom>): number[] {
  const list = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}

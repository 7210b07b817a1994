import { ArgumentError } from '../core/errors.ts';
import type { ProgressListener } from '../core/progress.ts';
import type { Random } from '../core/random.ts';
import type { HeadTopology } from '../data/head-topology.ts';

/** Whatever makes coloured heads of one topology: the head generator, or a stand-in. */
export interface HeadSource {
  readonly topology: HeadTopology;
  /** One head: `[3V]` mm and `[3V]` sRGB. */
  sample(random: Random): { readonly vertices: Float32Array; readonly colors: Float32Array };
}

/** Heads of one topology, one after another. */
export interface HeadSamples {
  /** N. */
  readonly count: number;
  /** V. */
  readonly vertexCount: number;
  /** `[N, 3V]`, mm. */
  readonly vertices: Float32Array;
  /** `[N, 3V]`, sRGB. */
  readonly colors: Float32Array;
}

/** Hooks of work that takes long. */
export interface WorkHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}

/**
 * Draws heads; head i depends on `random` and i alone.
 *
 * @throws {@link ArgumentError} if a head has another size than the topology or a number that is not finite; the signal's reason.
 */
export async function drawHeads(source: HeadSource, count: number, random: Random, { signal, onProgress }: WorkHooks = {}): Promise<HeadSamples> {
  const V = source.topology.region.length, start = performance.now();
  const vertices = new Float32Array(count * 3 * V), colors = new Float32Array(count * 3 * V);
  for (let i = 0; i < count; i++) {
    const head = source.sample(random.fork(`head.${i}`));
    for (const [name, into] of [['vertices', vertices], ['colors', colors]] as const) {
      const data = head[name];
      if (data.length !== 3 * V || !data.every(Number.isFinite)) throw new ArgumentError('drawHeads', `head ${i}, ${name}`, `${3 * V} finite numbers`, `${data.length}, or others`);
      into.set(data, i * 3 * V);
    }
    if (i % 16 === 15 || i === count - 1) {
      onProgress?.({ label: 'draw heads', done: i + 1, total: count, seconds: (performance.now() - start) / 1000 });
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
    }
  }
  return { count, vertexCount: V, vertices, colors };
}

/**
 * Backends that the command line can run on, best first: a new one is one line here. Nothing is loaded before it is chosen.
 *
 * `auto` takes wasm: it runs everywhere, starts in 10 ms where TensorFlow takes a second, and a step of the fit is many small operations, each of
 * which costs more there. docs/backends.md has the figures.
 */
const BACKENDS = {
  wasm: async () => (await import('../kernels/wasm/index.ts')).useWasmBackend(),
  tensorflow: async () => (await import('../kernels/tensorflow/index.ts')).useTensorflowBackend(),
  cpu: async () => (await import('../kernels/cpu/index.ts')).useCpuBackend(),
} as const;

/** A backend by name. */
export type Backend = keyof typeof BACKENDS;

/** What `--backend` takes. */
export type BackendChoice = Backend | 'auto';

export const BACKEND_NAMES = Object.keys(BACKENDS) as readonly Backend[];
export const BACKEND_CHOICES: readonly BackendChoice[] = ['auto', ...BACKEND_NAMES];

/**
 * Makes a backend current; `auto` takes the first that this machine runs.
 *
 * @returns The name of the one that runs now.
 * @throws UnsupportedError if a backend asked for by name does not run here.
 */
export async function useBackend(choice: BackendChoice): Promise<Backend> {
  const tf = await import('@tensorflow/tfjs');
  tf.enableProdMode();
  if (choice !== 'auto') {
    await BACKENDS[choice]();
    return choice;
  }
  let failure: unknown;
  for (const name of BACKEND_NAMES) {
    try {
      await BACKENDS[name]();
      return name;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

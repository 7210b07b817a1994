import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Releases that fit each other: the addon's sources, the libraries they are linked to, and what they are built with. */
export const TENSORFLOW_VERSIONS = { tfjs: '4.22.0', tensorflow: '2.21.0', protobuf: '3.21.4', nodeApi: '1.9.0' } as const;

/** What tfjs-node imports of TensorFlow.js: in its place stand stubs, which hand over the copy that this library runs on. */
export const STUBS = ['@tensorflow/tfjs', '@tensorflow/tfjs-core'] as const;

/** With or without CUDA. */
export type TensorflowVariant = 'cpu' | 'gpu';

/** One installation: absolute paths. A part is there whole or not at all. */
export interface TensorflowHome {
  readonly variant: TensorflowVariant;
  readonly folder: string;
  /** TensorFlow's shared libraries and C headers. */
  readonly libraries: string;
  /** CUDA's libraries where the libraries look for them; `null` without CUDA. */
  readonly cuda: string | null;
  /** `node_modules` with @tensorflow/tfjs-node as published, and stubs that stand for this process's own TensorFlow.js. */
  readonly packages: string;
  /** The compiled addon, linked to `libraries`, and a second one that keeps stderr quiet while it is loaded. */
  readonly addons: string;
  readonly addon: string;
  readonly quiet: string;
}

/** Where `retinamesh setup tensorflow` installs unless told otherwise: RETINAMESH_TENSORFLOW_HOME, or a folder of the user's cache. */
export function defaultTensorflowHome(env: NodeJS.ProcessEnv = process.env): string {
  return env.RETINAMESH_TENSORFLOW_HOME || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'retinamesh', 'tensorflow');
}

/** The layout below `home`. The folder's name holds the releases, so that other ones are installed beside it. */
export function tensorflowHome(home: string, variant: TensorflowVariant): TensorflowHome {
  const folder = join(resolve(home), `${variant}-${TENSORFLOW_VERSIONS.tensorflow}-${TENSORFLOW_VERSIONS.tfjs}`);
  return {
    variant, folder, libraries: join(folder, 'tensorflow'), cuda: variant === 'gpu' ? join(folder, 'nvidia') : null, packages: join(folder, 'node_modules'),
    addons: join(folder, 'addons'), addon: join(folder, 'addons', 'tfjs_binding.node'), quiet: join(folder, 'addons', 'quiet.node'),
  };
}

/** Paths of the parts that are not there yet. */
export const missingParts = ({ libraries, cuda, packages, addons }: TensorflowHome): string[] => [libraries, ...(cuda ? [cuda] : []), packages, addons].filter((path) => !existsSync(path));

/** The whole installation below `home`, that with CUDA first; `null` if there is none. */
export function findTensorflowHome(home: string): TensorflowHome | null {
  return (['gpu', 'cpu'] as const).map((variant) => tensorflowHome(home, variant)).find((found) => missingParts(found).length === 0) ?? null;
}

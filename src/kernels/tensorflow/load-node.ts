import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { UnsupportedError } from '../../core/errors.ts';
import { findTensorflowHome, STUBS, type TensorflowHome } from './home-node.ts';
import type { TensorflowBackend, TensorflowBinding } from './tensorflow-backend.ts';

const require = createRequire(import.meta.url);

/** The package as its authors publish it, that with CUDA first. */
const PUBLISHED = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** Where the addon of this process came from: the program itself, a package beside this library, or a folder that the setup made. */
export type TensorflowSource = 'program' | (typeof PUBLISHED)[number] | TensorflowHome;

let source: TensorflowSource | null = null;

/**
 * Registers backend `tensorflow` and TensorFlow's own kernels, unless the program has: from @tensorflow/tfjs-node(-gpu) where it is installed
 * beside this library and loads, else from what `retinamesh setup tensorflow` made.
 *
 * @param home - Where that installed.
 * @throws {@link UnsupportedError} if neither is there, or it does not load.
 */
export function loadTensorflow(home: string): TensorflowSource {
  if (source) return source;
  if (tf.findBackendFactory('tensorflow')) return (source = 'program');
  replaceOldUtilities();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // no news of what the libraries could be compiled with
  const failures: string[] = [], published = PUBLISHED.find((name) => loadPublished(name, failures));
  if (published) return (source = published);
  const found = findTensorflowHome(home);
  if (!found) throw new UnsupportedError('useTensorflowBackend', `TensorFlow, which is not set up in ${home}${failures.map((line) => ` (${line})`).join('')},`, 'npx retinamesh setup tensorflow, or choose another backend');
  try {
    loadHome(found);
  } catch (error) {
    throw new UnsupportedError('useTensorflowBackend', `the TensorFlow of ${found.folder}`, `remove that folder and set it up again (it says: ${firstLine(error)})`);
  }
  return (source = found);
}

// tfjs-node 4.22.0 calls two functions of which Node 23 took one away; Node 22 warns of both.
function replaceOldUtilities(): void {
  const old = util as unknown as Record<'isNullOrUndefined' | 'isArray', (value: unknown) => boolean>;
  old.isNullOrUndefined = (value) => value === null || value === undefined;
  old.isArray = Array.isArray;
}

/** Installed and whole: its own start registers everything, and makes the backend current. */
function loadPublished(name: string, failures: string[]): boolean {
  try {
    require.resolve(name);
  } catch {
    return false;
  }
  try {
    require(name);
    return true;
  } catch (error) {
    failures.push(`${name} does not load: ${firstLine(error)}`);
    return false;
  }
}

// The package's own start is not run: it looks for the addon elsewhere, and for TensorFlow.js beside itself. Two copies of that would share their
// kernels, which hang on the global object, but cost 0.3 s and may differ.
function loadHome({ packages, addon, quiet, variant }: TensorflowHome): void {
  const tfjs = require('@tensorflow/tfjs') as object, inside = (name: string): unknown => require(join(packages, name));
  for (const name of STUBS) Object.setPrototypeOf(inside(name), tfjs);
  const binding = quietly(quiet, () => require(addon) as TensorflowBinding);
  type Backend = new (binding: TensorflowBinding, packageName: string) => TensorflowBackend;
  const { NodeJSKernelBackend } = inside('@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js') as { NodeJSKernelBackend: Backend };
  inside('@tensorflow/tfjs-node/dist/register_all_kernels.js');
  tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, PUBLISHED[variant === 'gpu' ? 0 : 1]), 3);
}

/** Without what the libraries write to stderr, unless TF_CPP_MIN_LOG_LEVEL asks for it. */
function quietly<T>(addon: string, body: () => T): T {
  if (Number(process.env.TF_CPP_MIN_LOG_LEVEL) === 0) return body();
  const stderr = require(addon) as Record<'off' | 'on', () => void>;
  stderr.off();
  try {
    return body();
  } finally {
    stderr.on();
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0]!.trim();

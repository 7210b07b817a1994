import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInstallTool } from './explain-failure-node.ts';
import type { TensorflowHome } from './home-node.ts';
import type { InstallContext } from './install-context.ts';
import { withListAttributes } from './list-attributes.ts';

/** Two functions that turn this process's stderr off and on again. While its libraries are loaded TensorFlow writes two lines there, whatever TF_CPP_MIN_LOG_LEVEL says. */
const QUIET = `#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>
static int kept = -1;
static napi_value off(napi_env, napi_callback_info) {
  int nowhere = open("/dev/null", O_WRONLY);
  if (kept < 0 && nowhere >= 0 && (kept = dup(2)) >= 0) dup2(nowhere, 2);
  if (nowhere >= 0) close(nowhere);
  return nullptr;
}
static napi_value on(napi_env, napi_callback_info) {
  if (kept >= 0) { dup2(kept, 2); close(kept); }
  kept = -1;
  return nullptr;
}
NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "off", NAPI_AUTO_LENGTH, off, nullptr, &function);
  napi_set_named_property(env, exports, "off", function);
  napi_create_function(env, "on", NAPI_AUTO_LENGTH, on, nullptr, &function);
  napi_set_named_property(env, exports, "on", function);
  return exports;
}
`;

const COMMON = ['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'] as const;

/**
 * Compiles the addon of @tensorflow/tfjs-node, with {@link withListAttributes}, against TensorFlow's libraries.
 *
 * The addon finds them relative to itself (`$ORIGIN`), so the installation may be moved as a whole; and it is linked to the libraries themselves:
 * over a symbolic link they would not find CUDA, which they look for relative to where they lie.
 *
 * @param folder - An empty one to work in.
 * @returns The folder of the addons, inside it.
 */
export async function buildAddons({ libraries, packages }: TensorflowHome, folder: string, context: InstallContext): Promise<string> {
  const sources = join(packages, '@tensorflow', 'tfjs-node', 'binding'), addons = join(folder, 'addons'), [quiet, backend] = [join(folder, 'quiet.cc'), join(folder, 'backend.cc')], doing = 'compiling the addon';
  const headers = `-I${join(packages, 'node-api-headers', 'include')}`;
  context.note(`${context.where}: ${doing}, some 10 s`);
  mkdirSync(addons);
  writeFileSync(quiet, QUIET);
  writeFileSync(backend, withListAttributes(readFileSync(join(sources, 'tfjs_backend.cc'), 'utf8')));
  await runInstallTool('g++', [...COMMON, headers, quiet, '-o', join(addons, 'quiet.node')], doing, context);
  await runInstallTool('g++', [
    ...COMMON, headers, `-I${join(libraries, 'include')}`, `-I${sources}`, backend, join(sources, 'tfjs_binding.cc'), '-o', join(addons, 'tfjs_binding.node'),
    `-L${libraries}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN/../tensorflow',
  ], doing, context);
  return addons;
}

import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FormatError } from '../../core/errors.ts';
import { runInstallTool } from './explain-failure-node.ts';
import { STUBS, TENSORFLOW_VERSIONS } from './home-node.ts';
import type { InstallContext } from './install-context.ts';

const { tfjs, protobuf, nodeApi } = TENSORFLOW_VERSIONS;

/** Packages as published, without what they depend on and without their install scripts: name, version, start of the archive's name. */
const PACKAGES = [['@tensorflow/tfjs-node', tfjs, 'tensorflow-tfjs-node-'], ['google-protobuf', protobuf, 'google-protobuf-'], ['node-api-headers', nodeApi, 'node-api-headers-']] as const;

const STUB = '// Stands for the TensorFlow.js of the program that loads this folder: retinamesh makes that the prototype of these exports.\nmodule.exports = {};\n';

/**
 * Downloads the npm packages of the addon.
 *
 * @param folder - An empty one to work in.
 * @returns `node_modules`, inside it.
 */
export async function fetchPackages(folder: string, context: InstallContext): Promise<string> {
  const modules = join(folder, 'node_modules'), names = PACKAGES.map(([name, version]) => `${name}@${version}`), doing = `downloading ${names[0]}`;
  context.note(`${context.where}: ${doing}`);
  await runInstallTool('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, ...names], doing, context, { cwd: folder });
  for (const [name, , start] of PACKAGES) {
    const archive = readdirSync(folder).find((file) => file.startsWith(start) && file.endsWith('.tgz'));
    if (!archive) throw new FormatError(folder, 'the download', `an archive of ${name}`, 'none', 'its end');
    await runInstallTool('python3', ['-m', 'tarfile', '-e', archive, 'unpacked'], `unpacking ${archive}`, context, { cwd: folder });
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    renameSync(join(folder, 'unpacked', 'package'), join(modules, name));
    rmSync(join(folder, 'unpacked'), { recursive: true });
  }
  for (const name of STUBS) {
    mkdirSync(join(modules, name), { recursive: true });
    writeFileSync(join(modules, name, 'index.js'), STUB);
  }
  return modules;
}

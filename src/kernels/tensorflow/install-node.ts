import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ArgumentError, UnsupportedError } from '../../core/errors.ts';
import { buildAddons } from './build-addons-node.ts';
import { fetchCuda, fetchLibraries } from './fetch-libraries-node.ts';
import { fetchPackages } from './fetch-packages-node.ts';
import { missingParts, type TensorflowHome } from './home-node.ts';
import type { InstallContext } from './install-context.ts';
import { assertMachine, type Machine, thisMachine } from './machine-node.ts';

/** MiB that downloading and unpacking take for a while. */
const DISK = { cpu: 1500, gpu: 12_000 } as const;

/** A part in the making; the number is its maker's process. */
const PARTIAL = /^\.partial-(\d+)-/;

/**
 * Makes the parts of an installation that are not there yet: TensorFlow's libraries and headers from its wheel, with CUDA its libraries,
 * the npm package as published, and its addon compiled against them. Each part is made beside its place and moved there when it is whole:
 * whatever ends this, what is there is good, and the next call goes on from it.
 *
 * @returns The names of the parts made now; none if all were there.
 * @throws {@link UnsupportedError} where the machine, a tool, the network or room on the disk is missing; {@link ArgumentError} if the folder cannot be written.
 */
export async function installTensorflow(home: TensorflowHome, context: InstallContext, machine: Machine = thisMachine()): Promise<string[]> {
  const { where } = context;
  assertMachine(where, machine);
  const missing = missingParts(home), made: string[] = [];
  if (missing.length === 0) return made;
  prepareFolder(home, where);
  const part = async (path: string, make: (folder: string) => Promise<string>): Promise<void> => {
    if (existsSync(path)) return;
    const partial = join(home.folder, `.partial-${process.pid}-${basename(path)}`);
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial);
    try {
      moveInto(path, await make(partial));
      made.push(basename(path));
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  };
  await part(home.libraries, (folder) => {
    assertRoom(home, where);
    return fetchLibraries(home, folder, context);
  });
  if (home.cuda) await part(home.cuda, (folder) => fetchCuda(home, folder, context));
  await part(home.packages, (folder) => fetchPackages(folder, context));
  await part(home.addons, (folder) => buildAddons(home, folder, context));
  return made;
}

/** Makes the folder, and takes away what a process that is no more left half made. */
function prepareFolder({ folder }: TensorflowHome, where: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const maker = PARTIAL.exec(name);
      if (maker && !isAlive(Number(maker[1]))) rmSync(join(folder, name), { recursive: true, force: true });
    }
  } catch (error) {
    throw new ArgumentError(where, '--home', 'a folder that can be written', `${folder}: ${(error as Error).message}`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Two installers may have made the same part at once: the first one's stays. */
function moveInto(path: string, made: string): void {
  try {
    renameSync(made, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

function assertRoom({ folder, variant }: TensorflowHome, where: string): void {
  const { bavail, bsize } = statfsSync(folder), free = Math.floor((Number(bavail) * Number(bsize)) / 2 ** 20);
  if (free < DISK[variant]) throw new UnsupportedError(where, `${free} MiB of free disk under ${folder}`, `make room for ${DISK[variant]} MiB, or give another --home`);
}

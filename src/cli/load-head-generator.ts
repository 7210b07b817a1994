import type { Command } from 'commander';
import type { HeadGenerator } from '../data/head-generator.ts';
import { advise } from './context.ts';

/** Where development machines have the folder; nothing of it is shipped. */
const MAKEHUMAN = '../shared/data/meshes/makehuman';

/** Adds `--makehuman`. */
export const addMakeHumanOption = (command: Command): Command =>
  command.option('--makehuman <folder>', 'base.obj, targets, skins512 and landmarks68.json of MakeHuman', MAKEHUMAN);

/**
 * The generator of heads from the folder of `--makehuman`.
 *
 * @param heldOut - With the skins that training never sees, instead of the others.
 * @param scale - What its heads are multiplied by.
 * @throws `ArgumentError` if a file is missing; `FormatError` if one is broken.
 */
export async function loadHeadGenerator(folder: string, heldOut: boolean, scale = 1): Promise<HeadGenerator> {
  const [{ createHeadGenerator }, { HEAD_SPLIT }, { loadMakeHuman }] = await Promise.all([import('../data/head-generator.ts'), import('../data/head-split.ts'), import('../data/makehuman-node.ts')]);
  const assets = await advise('give --makehuman a folder with base.obj, targets/, skins512/ and landmarks68.json of MakeHuman', () => loadMakeHuman(folder));
  return createHeadGenerator(assets, { skins: heldOut ? HEAD_SPLIT.heldOut : null, scale });
}

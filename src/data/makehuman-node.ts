import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import sharp from 'sharp';
import { ArgumentError, FormatError } from '../core/errors.ts';
import { type MakeHumanAssets, type MorphTarget, parseMakeHumanBase, parseMorphTarget, type Texture } from './makehuman.ts';

const unzip = promisify(gunzip);

/**
 * Reads base mesh, head targets, skins and landmark guide from a MakeHuman folder (`base.obj`, `targets/`, `skins512/`,
 * `landmarks68.json`). About two seconds.
 *
 * @throws {@link ArgumentError} if the folder lacks one of them; {@link FormatError} for a file that is not what it claims.
 */
export async function loadMakeHuman(folder: string): Promise<MakeHumanAssets> {
  for (const name of ['base.obj', 'targets', 'skins512', 'landmarks68.json']) {
    if (!existsSync(join(folder, name))) throw new ArgumentError('loadMakeHuman', folder, `a MakeHuman folder with ${name}`, 'none');
  }
  const path = join(folder, 'base.obj'), base = parseMakeHumanBase(await readFile(path, 'utf8'), path);
  const files = (await readdir(join(folder, 'targets'), { recursive: true })).filter((name) => name.endsWith('.target.gz')).sort();
  const targets = new Map<string, MorphTarget>();
  for (const file of files) {
    const text = (await unzip(await readFile(join(folder, 'targets', file)))).toString('latin1');
    targets.set(file.replaceAll('\\', '/').slice(0, -'.target.gz'.length), parseMorphTarget(text, base.vertices.length / 3, file));
  }
  const skins = new Map<string, Texture>();
  for (const file of (await readdir(join(folder, 'skins512'))).filter((name) => name.endsWith('.png')).sort()) {
    const { data, info } = await sharp(join(folder, 'skins512', file)).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    skins.set(file.replace('_diffuse', '_').replace('.png', '').replace(/_$/, ''), { width: info.width, height: info.height, data: new Uint8Array(data) });
  }
  return { base, targets, skins, landmarks68: readLandmarks(await readFile(join(folder, 'landmarks68.json'), 'utf8'), base.vertices.length / 3) };
}

function readLandmarks(text: string, vertexCount: number): number[] {
  const list = (JSON.parse(text) as { landmarks68?: unknown }).landmarks68;
  const isIndex = (v: unknown): v is number => Number.isInteger(v) && (v as number) >= 0 && (v as number) < vertexCount;
  if (!Array.isArray(list) || list.length !== 68 || !list.every(isIndex)) {
    throw new FormatError('loadMakeHuman', 'landmarks68', '68 vertex indices', `${JSON.stringify(list)?.slice(0, 40)}`, 'landmarks68.json');
  }
  return list;
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArgumentError } from '../core/errors.ts';
import { readObj } from '../io/obj.ts';
import { readSafetensors } from '../io/safetensors.ts';
import { type IctFace, parseIctFace } from './ict.ts';

/** The face of a folder, and the notice that whatever is made from it must carry. */
export interface IctFolder {
  readonly face: IctFace;
  readonly notice: string;
}

/**
 * Reads `ict_face.safetensors`, `generic_neutral_mesh.obj` and `LICENSE` from a folder of ICT-FaceKit. About a second.
 *
 * @throws {@link ArgumentError} if the folder lacks one of them; `FormatError` for a file that is not what it claims.
 */
export async function loadIctFace(folder: string): Promise<IctFolder> {
  for (const name of ['ict_face.safetensors', 'generic_neutral_mesh.obj', 'LICENSE']) {
    if (!existsSync(join(folder, name))) throw new ArgumentError('loadIctFace', folder, `a folder of ICT-FaceKit with ${name}`, 'none');
  }
  const path = join(folder, 'ict_face.safetensors'), mesh = join(folder, 'generic_neutral_mesh.obj');
  const face = parseIctFace(readSafetensors(await readFile(path), path), readObj(await readFile(mesh), mesh).vertices, path);
  return { face, notice: await readFile(join(folder, 'LICENSE'), 'utf8') };
}

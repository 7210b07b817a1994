import { extname } from 'node:path';
import { UnsupportedError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import type { PixelImage } from './image.ts';
import { MESH_LIMITS, type MeshLimits } from './mesh-limits.ts';
import { readFileBytes, writeFileAtomic } from './node.ts';
import { readObj, writeObj } from './obj.ts';
import { readPly, writePly } from './ply.ts';

/** Options of {@link readMeshFile}. */
export interface ReadMeshFileOptions extends MeshLimits {
  /** Of a `.glb`: whether vertices at one position become one. */
  readonly weld: boolean;
  /** Of a `.glb`: a picture laid over its texture coordinates in place of its own materials; `null`: its own. */
  readonly texture: PixelImage | null;
}

export const READ_MESH_FILE_DEFAULTS: ReadMeshFileOptions = { ...MESH_LIMITS, weld: true, texture: null };

/**
 * Reads a mesh from an `.obj`, `.ply` or `.glb` file, by its extension. A GLB may be compressed with Draco, its texture
 * becomes vertex colours, and its unit stays the file's (metres by the standard).
 *
 * @throws `ArgumentError` if the file is missing or beyond a limit; `FormatError` with the place if it is not what it
 *   claims; {@link UnsupportedError} for another extension.
 */
export async function readMeshFile(path: string, options?: Partial<ReadMeshFileOptions>): Promise<TriangleMesh<Float64Array>> {
  const { weld, texture, ...limits } = resolveOptions('readMeshFile', READ_MESH_FILE_DEFAULTS, options), kind = meshKind('readMeshFile', path);
  if (texture !== null && kind !== '.glb') throw new UnsupportedError('readMeshFile', `a texture on ${path}`, 'save the mesh as .glb, with texture coordinates');
  const bytes = await readFileBytes(path, { maxBytes: limits.maxBytes });
  if (kind === '.obj') return readObj(bytes, path, limits);
  if (kind === '.ply') return readPly(bytes, path, limits);
  // Loaded only where they are needed: the command line starts without them.
  const { readGlb } = await import('./glb.ts');
  return readGlb(bytes, path, {
    ...limits, weld, texture,
    draco: async () => (await import('draco3dgltf')).createDecoderModule(),
    decodeImage: async (image) => (await import('./node-image.ts')).decodeImage(image, `${path}: texture`),
  });
}

/**
 * Writes a mesh as `.obj`, `.ply` or `.glb`, by its extension; a reader finds the old file or the whole new one.
 *
 * @param mesh - Millimetres; a `.glb` says so.
 * @throws `ArgumentError` if the mesh is invalid or the folder not writable; {@link UnsupportedError} for another extension.
 */
export async function writeMeshFile(path: string, mesh: TriangleMesh): Promise<void> {
  const kind = meshKind('writeMeshFile', path);
  await writeFileAtomic(path, kind === '.obj' ? writeObj(mesh) : kind === '.ply' ? writePly(mesh) : await (await import('./glb.ts')).writeGlb(mesh));
}

function meshKind(where: string, path: string): '.obj' | '.ply' | '.glb' {
  const kind = extname(path).toLowerCase();
  if (kind === '.obj' || kind === '.ply' || kind === '.glb') return kind;
  throw new UnsupportedError(where, `the extension ${kind || '(none)'} of ${path}`, kind === '.gltf' ? 'save it as .glb' : 'use .obj, .ply or .glb');
}

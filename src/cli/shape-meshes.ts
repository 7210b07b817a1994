import { basename, extname } from 'node:path';
import { ArgumentError } from '../core/errors.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { advise } from './context.ts';
import type { LoadedModel } from './load-model.ts';
import { assertSameModel } from './scene-image.ts';

/** A mesh that is compared with a scan. */
export interface ShapeMesh {
  readonly name: string;
  /** Millimetres. */
  readonly mesh: TriangleMesh;
  /** `[7]` vertices, in the order of `SEVEN_POINTS`. */
  readonly points: readonly number[];
}

/** Millimetres of a file's unit: a glTF file is in metres, this project's other meshes in millimetres. */
export const unitOf = (path: string): number => (extname(path).toLowerCase() === '.glb' ? 1000 : 1);

/**
 * The meshes of `--mesh`: a mesh file each, its vertices as they stand there, or a scene file with all its faces.
 *
 * @param seven - Vertices of the decoder's topology.
 * @param given - Those of `--mesh-points`, for meshes of another topology.
 * @throws {@link ArgumentError} if a mesh has neither the decoder's topology nor `given`, or a scene is another model's.
 */
export async function readShapeMeshes(path: string, loaded: LoadedModel, seven: readonly number[], given: readonly number[] | null): Promise<ShapeMesh[]> {
  const name = basename(path), { model } = loaded;
  if (extname(path).toLowerCase() === '.json') {
    const [{ parseSceneRecord }, { decodeMesh }, { readFileBytes }] = await Promise.all([import('../dense/scene-record.ts'), import('../decoder/decode-mesh.ts'), import('../io/node.ts')]);
    return advise('give --mesh the scene.json of a reconstruction, or a mesh', async () => {
      const scene = parseSceneRecord(new TextDecoder().decode(await readFileBytes(path, { maxBytes: 1 << 28 })), path);
      assertSameModel(scene, loaded, path);
      return scene.faces.map(({ latent }, i) => ({ name: scene.faces.length > 1 ? `${name}, face ${i + 1}` : name, mesh: decodeMesh(model, latent), points: seven }));
    });
  }
  const { readMeshFile } = await import('../io/node-mesh.ts'), unit = unitOf(path), read = await advise('give --mesh an .obj, .ply or .glb, or a scene.json', () => readMeshFile(path, { weld: false }));
  const V = model.topology.faceMask.length;
  if (!given && read.vertices.length !== 3 * V) throw new ArgumentError('evaluate shape', path, `the ${V} vertices of ${loaded.name}`, `${read.vertices.length / 3}; give its seven vertices as --mesh-points`);
  return [{ name, mesh: { vertices: read.vertices.map((x) => unit * x), faces: read.faces }, points: given ?? seven }];
}

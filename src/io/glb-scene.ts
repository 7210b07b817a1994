import { UnsupportedError } from '../core/errors.ts';
import { checkGlbAccessor, checkGlbViews } from './glb-accessors.ts';
import { readGlbContainer } from './glb-container.ts';
import { type GlbPlacement, placeGlbMeshes } from './glb-nodes.ts';
import { type GlbPaint, createPaintReader } from './glb-paint.ts';
import { createJsonChecker, type Json, type JsonChecker } from './json-checker.ts';
import type { MeshBudget } from './mesh-limits.ts';

/** One primitive that has triangles. */
export interface GlbPrimitive {
  /** 4 triangles, 5 a strip, 6 a fan. */
  readonly mode: number;
  readonly paint: GlbPaint;
}

/** What is needed of a GLB file to read its triangles, checked. */
export interface GlbScene {
  /** The file's JSON without all that is not needed: no cameras, skins, animations, morphs, materials, images. */
  readonly json: Record<string, unknown>;
  readonly binary: Uint8Array;
  /** Of each mesh of `json`, its primitives in order. */
  readonly meshes: readonly (readonly GlbPrimitive[])[];
  readonly placements: readonly GlbPlacement[];
  readonly usesDraco: boolean;
}

const DRACO = 'KHR_draco_mesh_compression', QUANTIZATION = 'KHR_mesh_quantization';
/** Extensions that a file may require; what else they ask for does not change positions or base colours. */
const SUPPORTED = new Set([DRACO, QUANTIZATION, 'KHR_materials_unlit']);
const TRIANGLES = 4;
const LAID_OVER: GlbPaint = { factor: [1, 1, 1], texture: { image: new Uint8Array(0), texCoord: 'TEXCOORD_0', wrap: ['repeat', 'repeat'] } };
const STUB = { componentType: 5121, type: 'SCALAR', count: 1 };

/**
 * Opens a GLB file and checks the part of its JSON that the triangles depend on: every index, range and count, before
 * anything of a size that it states is made.
 *
 * Khronos Group, "glTF 2.0 Specification", sections 3.5-3.7.
 *
 * @param isLaidOver - Whether a picture that is not in the file takes the place of all materials, by TEXCOORD_0.
 */
export function openGlbScene(bytes: Uint8Array, where: string, budget: MeshBudget, isLaidOver = false): GlbScene {
  const { json, binary } = readGlbContainer(bytes, where), check = createJsonChecker(where), { list, record, index, fail } = check;
  const asset = record(json.asset, 'asset');
  if (typeof asset.version !== 'string' || !asset.version.startsWith('2.')) fail('asset.version', 'value 2.0', JSON.stringify(asset.version) ?? 'none');
  const required = Array.isArray(json.extensionsRequired) ? json.extensionsRequired : [], stranger = required.find((name) => !SUPPORTED.has(name as string));
  if (stranger !== undefined) throw new UnsupportedError(where, `the required extension ${JSON.stringify(stranger).slice(0, 60)}`, 'save the file without it');
  const meshes = list(json, 'meshes'), views = list(json, 'bufferViews'), accessors = list(json, 'accessors');
  checkGlbViews(check, where, json, binary, views);

  const readPaint = createPaintReader(check, json, binary, views), used = new Set<number>(), painted: GlbPrimitive[][] = meshes.map(() => []);
  let usesDraco = false, vertexCount = 0, cornerCount = 0;
  const accessorCount = (value: unknown, path: string, types: readonly string[]): number => {
    const i = index(value, accessors.length, path), accessor = record(accessors[i], `accessors[${i}]`);
    if (!types.includes(accessor.type as string)) fail(`accessors[${i}].type`, `value ${types.join(' or ')} for ${path}`, JSON.stringify(accessor.type) ?? 'none');
    used.add(i);
    return index(accessor.count, Number.MAX_SAFE_INTEGER, `accessors[${i}].count`);
  };
  const reducedMeshes = meshes.map((mesh, m) => ({ primitives: list(mesh, 'primitives', `meshes[${m}].`).flatMap((primitive, p): Json[] => {
    const path = `meshes[${m}].primitives[${p}]`, mode = primitive.mode === undefined ? TRIANGLES : index(primitive.mode, 7, `${path}.mode`);
    if (mode < TRIANGLES) return [];
    const attributes = record(primitive.attributes, `${path}.attributes`), paint = isLaidOver ? LAID_OVER : readPaint(primitive.material, path);
    const kept: Record<string, unknown> = { POSITION: attributes.POSITION };
    const count = accessorCount(attributes.POSITION, `${path}.attributes.POSITION`, ['VEC3']);
    for (const [name, types] of [['COLOR_0', ['VEC3', 'VEC4']], [paint.texture?.texCoord ?? '', ['VEC2']]] as const) {
      if (attributes[name] === undefined) continue;
      kept[name] = attributes[name];
      const other = accessorCount(attributes[name], `${path}.attributes.${name}`, types);
      if (other !== count) fail(`${path}.attributes.${name}`, `the ${count} elements of POSITION`, `${other}`);
    }
    vertexCount += count;
    cornerCount += primitive.indices === undefined ? count : accessorCount(primitive.indices, `${path}.indices`, ['SCALAR']);
    budget.vertices(vertexCount);
    budget.faces(Math.ceil(cornerCount / 3));
    const draco = (primitive.extensions as Json | undefined)?.[DRACO];
    usesDraco ||= draco !== undefined;
    painted[m]!.push({ mode, paint });
    return [{ mode, attributes: kept, ...(primitive.indices !== undefined && { indices: primitive.indices }), ...(draco === undefined ? {} : { extensions: { [DRACO]: checkDraco(check, draco, kept, views.length, path) } }) }];
  }) }));
  const isQuantized = Array.isArray(json.extensionsUsed) && json.extensionsUsed.includes(QUANTIZATION);
  for (const i of used) checkGlbAccessor(check, record(accessors[i], `accessors[${i}]`), i, views, isQuantized);
  const reduced = {
    asset: { version: '2.0' }, buffers: list(json, 'buffers').map(() => ({ byteLength: binary.length })), bufferViews: views, meshes: reducedMeshes,
    accessors: accessors.map((accessor, i) => (used.has(i) ? accessor : STUB)), extensionsUsed: usesDraco ? [DRACO] : [],
  };
  return { json: reduced, binary, meshes: painted, placements: placeGlbMeshes(check, json, meshes.length), usesDraco };
}

function checkDraco({ record, index }: JsonChecker, value: unknown, kept: Json, viewCount: number, path: string): Json {
  const draco = record(value, `${path}.extensions.${DRACO}`), ids = record(draco.attributes, `${path}.extensions.${DRACO}.attributes`);
  const attributes = Object.fromEntries(Object.keys(kept).filter((name) => ids[name] !== undefined).map((name) => [name, index(ids[name], 65536, `${path}.extensions.${DRACO}.attributes.${name}`)]));
  return { bufferView: index(draco.bufferView, viewCount, `${path}.extensions.${DRACO}.bufferView`), attributes };
}

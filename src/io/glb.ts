import { type Accessor, type Buffer, Document, GLB_BUFFER, type JSONDocument, Logger, type mat4, type Node, type Primitive, WebIO } from '@gltf-transform/core';
import { KHRDracoMeshCompression, KHRMeshQuantization } from '@gltf-transform/extensions';
import { ArgumentError, FormatError, UnsupportedError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { assertTriangleMesh, type TriangleMesh } from '../mesh/triangle-mesh.ts';
import { weldVertices } from '../mesh/weld-vertices.ts';
import type { FloatArray } from '../sparse/csr-matrix.ts';
import type { GlbPaint } from './glb-paint.ts';
import { type GlbScene, openGlbScene } from './glb-scene.ts';
import type { PixelImage } from './image.ts';
import { MESH_LIMITS, type MeshBudget, type MeshLimits, openMeshBudget } from './mesh-limits.ts';
import { sampleTexture } from './sample-texture.ts';
import { linearToSrgb, srgbToLinear } from '../core/srgb.ts';

/** Options of {@link readGlb}. */
export interface ReadGlbOptions extends MeshLimits {
  /** Whether vertices at one position become one: files split them along seams of texture and normal. */
  readonly weld: boolean;
  /** Multiplies positions: a file is in metres by the standard, a face of this project in millimetres (1000). */
  readonly scale: number;
  /** Loads a Draco decoder (`createDecoderModule` of draco3dgltf); `null`: a compressed file is refused. */
  readonly draco: (() => Promise<unknown>) | null;
  /** Decodes a texture, for the colours of a mesh without COLOR_0; `null`: textures are not looked at. */
  readonly decodeImage: ((bytes: Uint8Array) => Promise<PixelImage>) | null;
  /** Laid over TEXCOORD_0 in place of the file's materials: a picture that came beside it. COLOR_0 still multiplies it. */
  readonly texture: PixelImage | null;
}

export const READ_GLB_DEFAULTS: ReadGlbOptions = { ...MESH_LIMITS, weld: true, scale: 1, draco: null, decodeImage: null, texture: null };

/**
 * Reads the triangles of a binary glTF 2.0 file as one mesh: all primitives of the scene under their nodes' transforms,
 * strips and fans split up, Draco decoded, seams welded.
 *
 * Colours are COLOR_0 times the base colour factor and, where `decodeImage` is given, the base colour texture, from linear
 * to sRGB, cut to [0, 1]. A mesh with neither COLOR_0 nor a texture has none. Points, lines, skins and morphs are passed over.
 *
 * Khronos Group, "glTF 2.0 Specification", 2021; read by glTF-Transform after this library's own checks.
 *
 * @param where - Named in errors: the path, if there is one.
 * @throws {@link FormatError} with the byte, JSON path or vertex; {@link ArgumentError} beyond a limit or for a `texture` on a mesh without coordinates; {@link UnsupportedError}
 *   for required extensions that it does not know, buffers outside the file, and Draco without a decoder.
 */
export async function readGlb(bytes: Uint8Array, where = 'readGlb', options?: Partial<ReadGlbOptions>): Promise<TriangleMesh<Float64Array>> {
  const { weld, scale, draco, decodeImage, texture, ...limits } = resolveOptions(where, READ_GLB_DEFAULTS, options);
  if (!(scale > 0 && scale < Infinity)) throw new ArgumentError(where, 'scale', 'a positive number', `${scale}`);
  const budget = openMeshBudget(where, bytes.length, limits), scene = openGlbScene(bytes, where, budget, texture !== null);
  const io = new WebIO().setLogger(new Logger(Logger.Verbosity.SILENT)).registerExtensions([KHRDracoMeshCompression, KHRMeshQuantization]);
  if (scene.usesDraco) {
    if (!draco) throw new UnsupportedError(where, 'Draco compression without a decoder', 'give one as the option draco, or use readMeshFile in Node');
    io.registerDependencies({ 'draco3d.decoder': await draco() });
  }
  let document: Document;
  try {
    document = await io.readJSON({ json: scene.json as unknown as JSONDocument['json'], resources: { [GLB_BUFFER]: scene.binary as Uint8Array<ArrayBuffer> } });
  } catch (error) {
    throw new FormatError(where, 'the file', 'meshes that can be decoded', (error as Error).message.replace(/\s+/g, ' ').slice(0, 100), 'the binary chunk');
  }
  const mesh = await joinPrimitives(document, scene, { where, scale, budget, decodeImage, texture });
  return weld ? weldVertices(mesh).mesh : mesh;
}

interface Joining {
  readonly where: string;
  readonly scale: number;
  readonly budget: MeshBudget;
  readonly decodeImage: ReadGlbOptions['decodeImage'];
  readonly texture: PixelImage | null;
}

async function joinPrimitives(document: Document, { meshes, placements }: GlbScene, { where, scale, budget, decodeImage, texture: given }: Joining): Promise<TriangleMesh<Float64Array>> {
  const vertices: number[] = [], faces: number[] = [], colors: number[] = [], decoded = new Map<number, PixelImage>();
  const fail = (what: string, expected: string, actual: string): never => { throw new FormatError(where, what, expected, actual, 'the binary chunk'); };
  let isLit = false;
  for (const { mesh, matrix: m } of placements) {
    const flips = m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) - m[4]! * (m[1]! * m[10]! - m[2]! * m[9]!) + m[8]! * (m[1]! * m[6]! - m[2]! * m[5]!) < 0;
    for (const [p, primitive] of document.getRoot().listMeshes()[mesh]!.listPrimitives().entries()) {
      const path = `meshes[${mesh}].primitives[${p}]`, { mode, paint } = meshes[mesh]![p]!, base = vertices.length / 3;
      const positions = primitive.getAttribute('POSITION')!, count = positions.getCount(), element: number[] = [];
      budget.vertices(base + count);
      for (let v = 0; v < count; v++) {
        const [x, y, z] = positions.getElement(v, element) as [number, number, number];
        for (let k = 0; k < 3; k++) {
          const value = scale * (m[k]! * x + m[4 + k]! * y + m[8 + k]! * z + m[12 + k]!);
          vertices.push(Number.isFinite(value) ? value : fail(`${path}, vertex ${v}`, 'finite coordinates', `${value}`));
        }
      }
      const corners = listCorners(primitive, mode, count);
      budget.faces((faces.length + corners.length) / 3);
      const stray = corners.find((v) => v >= count);
      if (stray !== undefined) fail(path, `indices in [0, ${count})`, `${stray}`);
      for (let i = 0; i < corners.length; i += 3) faces.push(base + corners[i]!, base + corners[i + (flips ? 2 : 1)]!, base + corners[i + (flips ? 1 : 2)]!);
      if (given && !primitive.getAttribute('TEXCOORD_0')) throw new ArgumentError(where, 'texture', 'texture coordinates (TEXCOORD_0) to be laid over', `none in ${path}`);
      const texture = given ?? (decodeImage && paint.texture ? decoded.get(paint.texture.image.byteOffset) ?? await decodeImage(paint.texture.image) : null);
      if (texture) decoded.set(paint.texture!.image.byteOffset, texture);
      isLit = colorVertices(primitive, paint, texture, count, colors, fail) || isLit;
    }
  }
  if (faces.length === 0) fail('the scene', 'at least one triangle', 'none');
  return { vertices: Float64Array.from(vertices), faces: Int32Array.from(faces), ...(isLit && { colors: Float64Array.from(colors) }) };
}

// Strips (5) and fans (6) as triangles of one orientation.
function listCorners(primitive: Primitive, mode: number, count: number): number[] {
  const indices = primitive.getIndices()?.getArray() ?? Uint32Array.from({ length: count }, (_, v) => v), n = indices.length, out: number[] = [];
  if (mode === 4) return Array.from(indices.subarray(0, n - n % 3));
  for (let i = 2; i < n; i++) out.push(...(mode === 6 ? [indices[0]!, indices[i - 1]!, indices[i]!] : i % 2 ? [indices[i - 1]!, indices[i - 2]!, indices[i]!] : [indices[i - 2]!, indices[i - 1]!, indices[i]!]));
  return out;
}

// Appends the sRGB colour of each vertex; whether anything but the factor was there to say it.
function colorVertices(primitive: Primitive, { factor, texture }: GlbPaint, image: PixelImage | null, count: number, colors: number[], fail: (what: string, expected: string, actual: string) => never): boolean {
  const own = primitive.getAttribute('COLOR_0'), coordinates = image && primitive.getAttribute(texture!.texCoord);
  if ((own && own.getCount() !== count) || (coordinates && coordinates.getCount() !== count)) fail('COLOR_0 and TEXCOORD', `${count} elements`, 'another number');
  const color: number[] = [], uv: number[] = [];
  for (let v = 0; v < count; v++) {
    if (own) own.getElement(v, color);
    if (coordinates) coordinates.getElement(v, uv);
    const sample = coordinates ? sampleTexture(image!, uv[0]!, uv[1]!, texture!.wrap) : [1, 1, 1];
    for (let k = 0; k < 3; k++) {
      const value = (own ? color[k]! : 1) * factor[k]! * sample[k]!;
      if (Number.isNaN(value)) fail(`vertex ${v}`, 'a colour', 'NaN');
      colors.push(linearToSrgb(Math.min(1, Math.max(0, value))));
    }
  }
  return !!own || !!coordinates;
}

/** A camera of a glTF file. Lengths in millimetres, as the vertices. */
export interface GlbCamera {
  /** Vertical field of view, radians, in (0, pi). */
  readonly yfov: number;
  /** Width over height. */
  readonly aspect: number;
  readonly znear: number;
  readonly zfar: number;
  /** Column-major 4 x 4, camera to mesh space: a rotation and a translation; the camera looks down its -Z, +Y up. */
  readonly matrix: ArrayLike<number>;
}

/** A mesh that goes into a file. */
export interface GlbMesh {
  /** `[V, 3]`, millimetres. */
  readonly vertices: FloatArray;
  /** `[F, 3]`, at least one. */
  readonly faces: Int32Array;
  /** `[V, 3]` sRGB albedo in [0, 1]; written as linear COLOR_0. */
  readonly colors?: FloatArray;
  /** `[V, 3]`, any length: they are written as unit vectors, a zero one as +Z. */
  readonly normals?: FloatArray;
  readonly name?: string;
  /** Column-major 4 x 4, mesh to scene in millimetres: a rotation and a translation. None: the mesh lies where its vertices say. */
  readonly matrix?: ArrayLike<number>;
}

/** What {@link writeGlb} writes. */
export interface GlbContent extends Omit<GlbMesh, 'matrix'> {
  readonly camera?: GlbCamera;
}

/**
 * Writes a mesh as binary glTF 2.0, valid without warning. The same input gives the same bytes.
 *
 * The standard's unit is the metre: positions are stored in millimetres, which keeps them those of `face.obj` and of
 * every projection from millimetres, under a node of scale 0.001; the camera's node is in metres.
 *
 * Khronos Group, "glTF 2.0 Specification", sections 3.7, 3.9, 3.10.
 *
 * @throws {@link ArgumentError} if the mesh is invalid, has no face, a colour lies outside [0, 1], a normal is not finite or the
 *   camera is none: its matrix not rigid, its field of view or distances out of range.
 */
export async function writeGlb({ camera, ...mesh }: GlbContent): Promise<Uint8Array> {
  return writeGlbScene([mesh], camera);
}

/**
 * {@link writeGlb} of several meshes, each a node of the scene under its own matrix.
 *
 * @throws {@link ArgumentError} as there, and if there is no mesh or a matrix is not rigid.
 */
export async function writeGlbScene(meshes: readonly GlbMesh[], camera?: GlbCamera): Promise<Uint8Array> {
  const where = 'writeGlb';
  if (meshes.length === 0) throw new ArgumentError(where, 'meshes', 'at least one', 'none');
  const document = new Document().setLogger(new Logger(Logger.Verbosity.SILENT)), buffer = document.createBuffer(), root = document.createScene(meshes[0]!.name ?? 'face');
  for (const mesh of meshes) root.addChild(addMesh(where, document, buffer, mesh));
  if (camera) {
    const { yfov, aspect, znear, zfar, matrix } = checkCamera(where, camera);
    root.addChild(document.createNode('camera').setMatrix(Array.from(matrix, (x, i) => (i >= 12 && i < 15 ? x / 1000 : x)) as mat4)
      .setCamera(document.createCamera('camera').setType('perspective').setYFov(yfov).setAspectRatio(aspect).setZNear(znear / 1000).setZFar(zfar / 1000)));
  }
  document.getRoot().setDefaultScene(root).getAsset().generator = 'retinamesh';
  return new WebIO().setLogger(new Logger(Logger.Verbosity.SILENT)).writeBinary(document);
}

function addMesh(where: string, document: Document, buffer: Buffer, { vertices, faces, colors, normals, name = 'face', matrix }: GlbMesh): Node {
  assertTriangleMesh(where, { vertices, faces, ...(colors && { colors }) });
  if (faces.length === 0) throw new ArgumentError(where, 'faces', 'at least one', 'none');
  const far = vertices.findIndex((x) => !Number.isFinite(Math.fround(x))), gaudy = colors?.findIndex((x) => x < 0 || x > 1) ?? -1;
  if (far >= 0) throw new ArgumentError(where, `vertices[${Math.floor(far / 3)}]`, 'coordinates within float32', `${vertices[far]}`);
  if (colors && gaudy >= 0) throw new ArgumentError(where, `colors[${Math.floor(gaudy / 3)}]`, 'values in [0, 1]', `${colors[gaudy]}`);
  const vectors = (array: Float32Array<ArrayBuffer>): Accessor => document.createAccessor().setType('VEC3').setArray(array).setBuffer(buffer);
  const material = document.createMaterial(name).setMetallicFactor(0).setRoughnessFactor(1).setDoubleSided(true);
  const primitive = document.createPrimitive().setMaterial(material).setAttribute('POSITION', vectors(Float32Array.from(vertices)))
    .setIndices(document.createAccessor().setType('SCALAR').setArray(vertices.length / 3 <= 65535 ? Uint16Array.from(faces) : Uint32Array.from(faces)).setBuffer(buffer));
  if (normals) primitive.setAttribute('NORMAL', vectors(unitVectors(where, normals, vertices.length)));
  if (colors) primitive.setAttribute('COLOR_0', vectors(Float32Array.from(colors, srgbToLinear)));
  const node = document.createNode(name).setMesh(document.createMesh(name).addPrimitive(primitive));
  if (!matrix) return node.setScale([1e-3, 1e-3, 1e-3]);
  assertRigid(where, `the matrix of ${name}`, matrix);
  return node.setMatrix(Array.from(matrix, (x, i) => (i === 15 ? 1 : x / 1000)) as mat4);
}

function unitVectors(where: string, vectors: FloatArray, length: number): Float32Array<ArrayBuffer> {
  if (vectors.length !== length) throw new ArgumentError(where, 'normals', `length ${length}`, `${vectors.length}`);
  const stray = vectors.findIndex((x) => !Number.isFinite(x)), out = new Float32Array(length);
  if (stray >= 0) throw new ArgumentError(where, `normals[${Math.floor(stray / 3)}]`, 'finite values', `${vectors[stray]}`);
  for (let i = 0; i < length; i += 3) {
    const size = Math.hypot(vectors[i]!, vectors[i + 1]!, vectors[i + 2]!);
    for (let k = 0; k < 3; k++) out[i + k] = size > 0 ? vectors[i + k]! / size : k === 2 ? 1 : 0;
  }
  return out;
}

function checkCamera(where: string, camera: GlbCamera): GlbCamera {
  const { yfov, aspect, znear, zfar, matrix: m } = camera;
  if (!(yfov > 0 && yfov < Math.PI)) throw new ArgumentError(where, 'camera.yfov', 'a value in (0, pi)', `${yfov}`);
  if (!(aspect > 0 && aspect < Infinity)) throw new ArgumentError(where, 'camera.aspect', 'a positive number', `${aspect}`);
  if (!(znear > 0 && znear < zfar && zfar < Infinity)) throw new ArgumentError(where, 'camera.znear, camera.zfar', '0 < znear < zfar', `${znear}, ${zfar}`);
  assertRigid(where, 'camera.matrix', m);
  return camera;
}

function assertRigid(where: string, what: string, m: ArrayLike<number>): void {
  const dot = (i: number, j: number): number => m[4 * i]! * m[4 * j]! + m[4 * i + 1]! * m[4 * j + 1]! + m[4 * i + 2]! * m[4 * j + 2]!;
  const turn = m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) - m[4]! * (m[1]! * m[10]! - m[2]! * m[9]!) + m[8]! * (m[1]! * m[6]! - m[2]! * m[5]!);
  const isRigid = m.length === 16 && [0, 1, 2].every((i) => [0, 1, 2].every((j) => Math.abs(dot(i, j) - (i === j ? 1 : 0)) < 1e-5)) && turn > 0
    && [3, 7, 11].every((i) => m[i] === 0) && m[15] === 1 && [12, 13, 14].every((i) => Number.isFinite(m[i]));
  if (!isRigid) throw new ArgumentError(where, what, '16 numbers, column by column: a rotation and a translation', `[${Array.from(m).map((x) => Number(x.toPrecision(4)))}]`);
}

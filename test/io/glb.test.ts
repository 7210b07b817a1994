import draco3d from 'draco3dgltf';
import fc from 'fast-check';
import { validateBytes } from 'gltf-validator';
import { describe, expect, it } from 'vitest';
import { ArgumentError, FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { type GlbCamera, type GlbContent, readGlb, type ReadGlbOptions, writeGlb, writeGlbScene } from '../../src/io/glb.ts';
import { srgbToLinear } from '../../src/core/srgb.ts';
import type { TriangleMesh } from '../../src/mesh/triangle-mesh.ts';
import { expectClose } from '../support/close.ts';
import { dracoGlb, unwrapGlb, wrapGlb } from '../support/glb.ts';
import { expectSurvives } from '../support/mutations.ts';
import { icosphere, sheet, soup } from '../support/meshes.ts';

const draco = (): Promise<unknown> => draco3d.createDecoderModule();
const CAMERA: GlbCamera = { yfov: 0.4, aspect: 1.25, znear: 50, zfar: 4000, matrix: [0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 700, 20, -3, 1] };
const sphere = icosphere(2), head: GlbContent = { vertices: sphere.vertices.map((x) => 100 * x), faces: sphere.faces, colors: sphere.vertices.map((x) => (x + 1) / 2), normals: sphere.vertices, camera: CAMERA };

// Positions of a square, then indices; more JSON on top.
const SQUARE = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0), STRIP = Uint16Array.of(0, 1, 2, 3, 0, 0);
const BINARY = Uint8Array.from([...new Uint8Array(SQUARE.buffer), ...new Uint8Array(STRIP.buffer)]);
const square = (mode: number, more: object = {}, node: object = {}): object => ({
  asset: { version: '2.0' }, scene: 0, scenes: [{ nodes: [0] }], nodes: [{ mesh: 0, ...node }], meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, mode }] }],
  accessors: [{ bufferView: 0, componentType: 5126, type: 'VEC3', count: 4 }, { bufferView: 1, componentType: 5123, type: 'SCALAR', count: 4 }],
  bufferViews: [{ buffer: 0, byteLength: 48 }, { buffer: 0, byteOffset: 48, byteLength: 12 }], buffers: [{ byteLength: 60 }], ...more,
});
const read = (json: object, binary = BINARY, options: Partial<ReadGlbOptions> = {}): Promise<TriangleMesh> => readGlb(wrapGlb(json, binary), 'a.glb', options);

describe('writeGlb', () => {
  it.each<[string, GlbContent]>([['all it can have', head], ['faces alone', { vertices: sphere.vertices, faces: sphere.faces }], ['32-bit indices', sheet(260, 260)]])('is valid without a warning: %s', async (_, content) => {
    const { issues } = await validateBytes(await writeGlb(content));
    expect(issues.messages.filter(({ severity }) => severity < 2)).toEqual([]);
    expect([issues.numErrors, issues.numWarnings]).toEqual([0, 0]);
  });

  it('gives the same bytes for the same input', async () => {
    expect(await writeGlb(head)).toEqual(await writeGlb({ ...head, vertices: head.vertices.slice() }));
  });

  it('keeps millimetres under a node of scale 0.001, and a camera in metres that sees the same', async () => {
    const { json, binary } = unwrapGlb(await writeGlb(head)), [node, eye] = json.nodes as { scale?: number[]; translation?: number[]; rotation?: number[] }[];
    expect(node!.scale).toEqual([1e-3, 1e-3, 1e-3]);
    expectClose(eye!.translation!, [0.7, 0.02, -0.003], { rtol: 1e-12, atol: 1e-12 });
    // A quarter turn about +Y: the camera at +X looks at the origin.
    expectClose(eye!.rotation!, [0, Math.SQRT1_2, 0, Math.SQRT1_2], { rtol: 1e-12, atol: 1e-12 });
    expect(json.cameras).toEqual([{ name: 'camera', type: 'perspective', perspective: { yfov: 0.4, aspectRatio: 1.25, znear: 0.05, zfar: 4 } }]);
    const stride = (json.bufferViews as { byteStride: number }[])[0]!.byteStride, first = new DataView(binary.buffer, binary.byteOffset);
    expectClose([0, 4, 8].map((at) => first.getFloat32(stride * 7 + at, true)), head.vertices.slice(21, 24), { rtol: 1e-7, atol: 0 });
  });

  it('writes several meshes as nodes of their own, each at its place, valid without a warning', async () => {
    const matrix = [0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 700, 20, -3, 1], { camera, ...mesh } = head;
    const glb = await writeGlbScene([mesh, { ...mesh, name: 'face 2', matrix }], camera), { json } = unwrapGlb(glb), { issues } = await validateBytes(glb);
    expect([issues.numErrors, issues.numWarnings]).toEqual([0, 0]);
    expect((json.nodes as { name: string }[]).map(({ name }) => name)).toEqual(['face', 'face 2', 'camera']);
    const back = await readGlb(glb, 'a.glb', { scale: 1000, weld: false }), count = mesh.vertices.length;
    expectClose(back.vertices.slice(0, count), mesh.vertices, { rtol: 1e-6, atol: 1e-5 });
    // A quarter turn about +Y, then the shift.
    expectClose(back.vertices.slice(count), Array.from(mesh.vertices, (_, i) => [mesh.vertices[i + 2]! + 700, mesh.vertices[i]! + 20, -mesh.vertices[i - 2]! - 3][i % 3]!), { rtol: 1e-6, atol: 1e-4 });
    await expect(writeGlbScene([])).rejects.toThrow(/writeGlb: expected meshes to have at least one, got none/);
    await expect(writeGlbScene([{ ...mesh, matrix: matrix.map((x) => 2 * x) }])).rejects.toThrow(/expected the matrix of face to have 16 numbers, column by column: a rotation and a translation/);
  });

  it('returns through the reader: order, faces, coordinates to float32, colours to 1/255', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 3, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.integer(), async (vertices, faces, seed) => {
      const mesh = { ...soup(vertices, faces, seed), colors: soup(vertices, 0, seed + 1).vertices.map((x) => Math.abs(Math.sin(x))) };
      const back = await readGlb(await writeGlb(mesh), 'a.glb', { scale: 1000, weld: false });
      expect(back.faces).toEqual(mesh.faces);
      expectClose(back.vertices, mesh.vertices, { rtol: 1e-6, atol: 0 });
      expectClose(back.colors!, mesh.colors, { rtol: 0, atol: 1e-6 });
    }), { numRuns: 40, seed: 16 });
    const { json } = unwrapGlb(await writeGlb({ ...head, colors: new Float64Array(head.vertices.length).fill(0.5) }));
    expect(JSON.stringify(json)).toContain('COLOR_0');
    expect(srgbToLinear(0.5)).toBeCloseTo(0.2140, 4);
  });

  it('makes normals unit, a zero one +Z', async () => {
    const content = { vertices: sphere.vertices, faces: sphere.faces, normals: sphere.vertices.map((x, i) => (i < 3 ? 0 : 7 * x)) };
    expect((await validateBytes(await writeGlb(content))).issues.numErrors).toBe(0);
  });

  it.each<[string, Partial<GlbContent>, string]>([
    ['no faces', { faces: new Int32Array(0) }, 'faces to have at least one'],
    ['a stray index', { faces: Int32Array.of(0, 1, 162) }, 'indices in [0, 162)'],
    ['NaN', { vertices: sphere.vertices.with(0, NaN) }, 'vertices[0] to have finite coordinates'],
    ['a distance beyond float32', { vertices: sphere.vertices.with(4, 1e39) }, 'vertices[1] to have coordinates within float32'],
    ['a colour out of range', { colors: sphere.vertices }, 'values in [0, 1]'],
    ['normals of another length', { normals: new Float64Array(3) }, 'normals to have length 486, got 3'],
    ['a normal of NaN', { normals: sphere.vertices.with(5, NaN) }, 'normals[1]'],
    ['no field of view', { camera: { ...CAMERA, yfov: 0 } }, 'camera.yfov'],
    ['no aspect', { camera: { ...CAMERA, aspect: NaN } }, 'camera.aspect'],
    ['a far plane before the near', { camera: { ...CAMERA, zfar: 10 } }, '0 < znear < zfar'],
    ['a mirror', { camera: { ...CAMERA, matrix: [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] } }, 'camera.matrix'],
    ['a scale', { camera: { ...CAMERA, matrix: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1] } }, 'a rotation and a translation'],
  ])('refuses %s', async (_, fault, message) => {
    await expect(writeGlb({ vertices: sphere.vertices, faces: sphere.faces, ...fault })).rejects.toThrow(ArgumentError);
    await expect(writeGlb({ vertices: sphere.vertices, faces: sphere.faces, ...fault })).rejects.toThrow(message);
  });
});

describe('readGlb', () => {
  it('reads triangles, strips, fans and unindexed corners', async () => {
    expect([...(await read(square(5))).faces]).toEqual([0, 1, 2, 2, 1, 3]);
    expect([...(await read(square(6))).faces]).toEqual([0, 1, 2, 0, 2, 3]);
    expect([...(await read(square(4))).faces]).toEqual([0, 1, 2]);
    expect([...(await read(square(4, { meshes: [{ primitives: [{ attributes: { POSITION: 0 }, mode: 5 }] }] }))).faces]).toEqual([0, 1, 2, 2, 1, 3]);
  });

  it('applies the transforms of nodes, turns faces round under a mirror, joins every primitive of the scene', async () => {
    const turned = await read(square(5, {}, { translation: [10, 0, 0], rotation: [0, 0, Math.SQRT1_2, Math.SQRT1_2], scale: [2, 3, 1] }));
    expectClose(turned.vertices, [10, 0, 0, 10, 2, 0, 7, 0, 0, 7, 2, 0], { rtol: 1e-7, atol: 1e-6 });
    const mirrored = await read(square(5, {}, { matrix: [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 5, 0, 0, 1] }));
    expect([...mirrored.vertices.slice(0, 6)]).toEqual([5, 0, 0, 4, 0, 0]);
    expect([...mirrored.faces]).toEqual([0, 2, 1, 2, 3, 1]);
    const nodes = [{ children: [1, 2], scale: [2, 2, 2] }, { mesh: 0, translation: [1, 0, 0] }, { mesh: 0, translation: [0, 0, 4] }, { mesh: 0 }];
    const two = await read(square(5, { nodes }));
    expect([...two.vertices.filter((_, i) => i % 12 < 3)]).toEqual([2, 0, 0, 0, 0, 8]);
    expect([...two.faces]).toEqual([0, 1, 2, 2, 1, 3, 4, 5, 6, 6, 5, 7]);
    expect((await read(square(5, { nodes, scenes: undefined, scene: undefined }))).faces).toHaveLength(18);
    expect([...(await read(square(5), BINARY, { scale: 1000 })).vertices.slice(3, 6)]).toEqual([1000, 0, 0]);
  });

  it('welds seams by position unless told not to', async () => {
    const seam = Float32Array.of(0, 0, 0, 1, 0, 0, -0, 1, 0, 0, 1, 0), binary = Uint8Array.from([...new Uint8Array(seam.buffer), ...new Uint8Array(Uint16Array.of(0, 1, 2, 3, 0, 0).buffer)]);
    const welded = await read(square(5), binary);
    expect(welded.vertices).toHaveLength(9);
    expect([...welded.faces]).toEqual([0, 1, 2]);
    expect((await read(square(5), binary, { weld: false })).vertices).toHaveLength(12);
  });

  it('reads Draco when it is given a decoder', async () => {
    const glb = await dracoGlb(sphere), mesh = await readGlb(glb, 'a.glb', { draco });
    expect([mesh.vertices.length, mesh.faces.length]).toEqual([sphere.vertices.length, sphere.faces.length]);
    for (let v = 0; v < mesh.vertices.length; v += 3) expect(Math.hypot(mesh.vertices[v]!, mesh.vertices[v + 1]!, mesh.vertices[v + 2]!)).toBeCloseTo(1, 3);
    await expect(readGlb(glb, 'a.glb')).rejects.toThrow('a.glb: Draco compression without a decoder is not supported; give one');
  });

  it('multiplies colours, factor and texture, and has none where only a factor says so', async () => {
    const texCoords = Float32Array.of(0.25, 0.5, 0.75, 0.5, 0.25, 1.5, -0.25, 0.5), colors = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 0, 255, 255, 255, 255, 255, 255, 255);
    const binary = Uint8Array.from([...BINARY, ...new Uint8Array(texCoords.buffer), ...colors, 1, 2, 3, 4]);
    const materials = [{ pbrMetallicRoughness: { baseColorFactor: [0.5, 1, 1, 1], baseColorTexture: { index: 0 } } }];
    const more = (attributes: object): object => square(5, {
      meshes: [{ primitives: [{ attributes: { POSITION: 0, ...attributes }, mode: 5, material: 0 }] }], materials, textures: [{ source: 0 }], images: [{ bufferView: 4, mimeType: 'image/png' }], buffers: [{ byteLength: 112 }],
      accessors: [{ bufferView: 0, componentType: 5126, type: 'VEC3', count: 4 }, { bufferView: 2, componentType: 5126, type: 'VEC2', count: 4 }, { bufferView: 3, componentType: 5121, normalized: true, type: 'VEC4', count: 4 }],
      bufferViews: [{ buffer: 0, byteLength: 48 }, { buffer: 0, byteOffset: 48, byteLength: 12 }, { buffer: 0, byteOffset: 60, byteLength: 32 }, { buffer: 0, byteOffset: 92, byteLength: 16 }, { buffer: 0, byteOffset: 108, byteLength: 4 }],
    });
    const seen: number[][] = [];
    const decodeImage: ReadGlbOptions['decodeImage'] = async (bytes) => {
      seen.push([...bytes]);
      return { width: 2, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0, 0, 0, 255) };
    };
    const half = 0.7354; // sRGB of linear 0.5
    const lit = await read(more({ TEXCOORD_0: 1, COLOR_0: 2 }), binary, { decodeImage });
    expectClose(lit.colors!, [half, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1], { rtol: 0, atol: 1e-4 });
    expect(seen).toEqual([[1, 2, 3, 4]]);
    expectClose((await read(more({ COLOR_0: 2 }), binary)).colors!.slice(0, 9), [half, 1, 1, half, 1, 1, 0, 1, 1], { rtol: 0, atol: 1e-4 });
    expect((await read(more({ TEXCOORD_0: 1 }), binary)).colors).toBeUndefined();
    const texture = { width: 2, height: 1, channels: 3, data: Uint8Array.of(0, 255, 0, 0, 0, 255) } as const; // from beside the file: the file's factor and picture do not matter
    expectClose((await read(more({ TEXCOORD_0: 1 }), binary, { decodeImage, texture })).colors!, [0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1], { rtol: 0, atol: 1e-4 });
    await expect(read(more({}), binary, { texture })).rejects.toThrow('expected texture to have texture coordinates (TEXCOORD_0) to be laid over, got none in meshes[0].primitives[0]');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another version', { 'asset.version': '1.0' }, 'asset.version at byte 20 (JSON) to have value 2.0, got "1.0"'],
    ['no asset', { asset: undefined }, 'asset at byte 20 (JSON) to have an object'],
    ['meshes that are none', { meshes: 7 }, 'meshes at byte 20 (JSON) to have an array, got 7'],
    ['a count that lies', { 'accessors.0.count': 5 }, 'accessors[0] at byte 20 (JSON) to have its end within the 48 bytes of its view, got 60'],
    ['an absurd count', { 'accessors.0': { componentType: 5126, type: 'VEC3', count: 1e15 } }, 'at most 4000000 vertices'],
    ['absurd indices', { 'accessors.1': { componentType: 5125, type: 'SCALAR', count: 4e9 } }, 'at most 8000000 faces'],
    ['a count of nothing', { 'accessors.0.count': 0 }, 'accessors[0].count'],
    ['a view beyond the end', { 'bufferViews.1.byteLength': 14 }, 'bufferViews[1] at byte 20 (JSON) to have its end within 60 bytes, got 62'],
    ['a buffer beyond the end', { 'buffers.0.byteLength': 64 }, 'buffers[0].byteLength'],
    ['an accessor that is not there', { 'meshes.0.primitives.0.attributes.POSITION': 2 }, 'meshes[0].primitives[0].attributes.POSITION at byte 20 (JSON) to have an integer in [0, 2), got 2'],
    ['no positions', { 'meshes.0.primitives.0.attributes': {} }, 'attributes.POSITION'],
    ['positions of another type', { 'accessors.0.type': 'VEC2' }, 'value VEC3'],
    ['an unknown component', { 'accessors.1.componentType': 5131 }, 'accessors[1].componentType'],
    ['a crooked offset', { 'accessors.1.byteOffset': 1 }, 'a multiple of its component'],
    ['a mesh that is not there', { 'nodes.0.mesh': 1 }, 'nodes[0].mesh'],
    ['a node that is its own child', { 'nodes.0.children': [0] }, 'scene.nodes at byte 20 (JSON) to have roots'],
    ['a cycle', { nodes: [{ mesh: 0 }, { children: [2] }, { children: [1] }], 'scenes.0.nodes': [1] }, 'scene.nodes'],
    ['two parents', { nodes: [{ children: [1, 2] }, { children: [2] }, { mesh: 0 }] }, 'nodes[2] at byte 20 (JSON) to have one parent'],
    ['a matrix of 15', { 'nodes.0.matrix': new Array(15).fill(0) }, '16 finite numbers'],
    ['a perspective node', { 'nodes.0.matrix': [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] }, 'a last row 0 0 0 1'],
    ['a scale of NaN', { 'nodes.0.scale': [1, null, 1] }, 'nodes[0].scale'],
    ['points only', { 'meshes.0.primitives.0.mode': 0 }, 'at least one triangle'],
    ['a sparse part beyond its view', { 'accessors.0.sparse': { count: 4, indices: { bufferView: 1, componentType: 5125 }, values: { bufferView: 0 } } }, 'accessors[0].sparse.indices'],
  ])('refuses %s and names it', async (_, changes, message) => {
    const json = structuredClone(square(5));
    for (const [path, value] of Object.entries(changes)) {
      const keys = path.split('.'), parent = keys.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, json as Record<string, unknown>);
      parent[keys.at(-1)!] = value;
    }
    await expect(read(json)).rejects.toThrow(/^a\.glb: expected/);
    await expect(read(json)).rejects.toThrow(message);
  });

  it('refuses a NaN and an index beyond the vertices in the binary chunk', async () => {
    const nan = BINARY.slice(), stray = BINARY.slice();
    new DataView(nan.buffer).setFloat32(16, NaN, true);
    new DataView(stray.buffer).setUint16(50, 4, true);
    await expect(read(square(5), nan)).rejects.toThrow('meshes[0].primitives[0], vertex 1 at the binary chunk to have finite coordinates, got NaN');
    await expect(read(square(5), stray)).rejects.toThrow('indices in [0, 4), got 4');
  });

  it('checks the container to the byte', async () => {
    const glb = wrapGlb(square(5), BINARY), set = (at: number, value: number): Uint8Array => {
      const out = glb.slice();
      new DataView(out.buffer).setUint32(at, value, true);
      return out;
    };
    for (const [bytes, message] of [
      [new Uint8Array(0), 'the file at byte 0 to have a header of 12 bytes'], [new TextEncoder().encode('solid cube, not glTF'), 'the letters glTF'], [set(4, 1), 'the version at byte 4'],
      [glb.subarray(0, glb.length - 4), `the length at byte 8 to have the ${glb.length - 4} bytes of the file, got ${glb.length}`], [set(12, 1e6), 'a chunk at byte 12'], [set(16, 7), 'the first chunk at byte 16'],
      [wrapGlb(new TextEncoder().encode('{"asset":')), 'the JSON chunk at byte 20 to have valid UTF-8 JSON'], [wrapGlb([]), 'an object'],
    ] as const) {
      await expect(readGlb(bytes, 'a.glb')).rejects.toThrow(FormatError);
      await expect(readGlb(bytes, 'a.glb')).rejects.toThrow(message);
    }
  });

  it('refuses what it does not provide, and more than its limits', async () => {
    await expect(read(square(5, { extensionsRequired: ['EXT_meshopt_compression'] }))).rejects.toThrow(UnsupportedError);
    await expect(read(square(5, { buffers: [{ byteLength: 60, uri: 'a.bin' }] }))).rejects.toThrow('a buffer outside the file is not supported; save everything as one .glb');
    await expect(read(square(5), BINARY, { maxVertices: 3 })).rejects.toThrow('at most 3 vertices');
    await expect(read(square(5), BINARY, { maxFaces: 1 })).rejects.toThrow('at most 1 faces');
    await expect(read(square(5), BINARY, { maxBytes: 100 })).rejects.toThrow('at most 100 bytes');
    await expect(read(square(5), BINARY, { scale: 0 })).rejects.toThrow('a positive number, got 0');
    // One mesh at many places counts as often as it is placed.
    const nodes = Array.from({ length: 6 }, () => ({ mesh: 0 }));
    await expect(read(square(5, { nodes, scenes: [{ nodes: [0, 1, 2, 3, 4, 5] }] }), BINARY, { maxVertices: 20 })).rejects.toThrow('at most 20 vertices');
  });
});

describe('damaged GLB files', () => {
  it('are survived: 600 whole files', async () => {
    const small = icosphere(1), files = [await writeGlb({ ...small, camera: CAMERA, colors: new Float64Array(126) }), wrapGlb(square(5), BINARY), await dracoGlb(small)];
    const { refused } = await expectSurvives((bytes) => readGlb(bytes, 'a.glb', { draco }), files, 600, 17);
    expect(refused).toBeGreaterThan(300);
  });

  it('are survived: 900 with a sound container, JSON or binary damaged', async () => {
    const written = unwrapGlb(await writeGlb({ ...icosphere(1), camera: CAMERA, colors: new Float64Array(126) })), compressed = unwrapGlb(await dracoGlb(icosphere(1)));
    for (const { text, binary } of [written, compressed]) {
      const json = await expectSurvives((bytes) => readGlb(wrapGlb(bytes, binary), 'a.glb', { draco }), [text], 300, 18);
      expect(json.refused).toBeGreaterThan(100);
    }
    const bodies = await expectSurvives((bytes) => readGlb(wrapGlb(compressed.text, bytes), 'a.glb', { draco }), [compressed.binary], 300, 19);
    expect(bodies.refused).toBeGreaterThan(100);
  });
});

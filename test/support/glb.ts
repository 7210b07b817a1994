import { Document, Logger, WebIO } from '@gltf-transform/core';
import { KHRDracoMeshCompression } from '@gltf-transform/extensions';
import draco3d from 'draco3dgltf';
import type { TriangleMesh } from '../../src/mesh/triangle-mesh.ts';

/** A GLB file of two chunks, lengths right, whatever is in them. */
export function wrapGlb(json: object | Uint8Array, binary: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = json instanceof Uint8Array ? json : new TextEncoder().encode(JSON.stringify(json)), pad = (n: number): number => 4 * Math.ceil(n / 4);
  const out = new Uint8Array(20 + pad(text.length) + (binary.length > 0 ? 8 + pad(binary.length) : 0)), view = new DataView(out.buffer);
  view.setUint32(0, 0x46546c67, true);
  view.setUint32(4, 2, true);
  view.setUint32(8, out.length, true);
  view.setUint32(12, pad(text.length), true);
  view.setUint32(16, 0x4e4f534a, true);
  out.fill(0x20, 20, 20 + pad(text.length)).set(text, 20);
  if (binary.length > 0) {
    const at = 20 + pad(text.length);
    view.setUint32(at, pad(binary.length), true);
    view.setUint32(at + 4, 0x004e4942, true);
    out.set(binary, at + 8);
  }
  return out;
}

/** The two chunks of a valid file. */
export function unwrapGlb(glb: Uint8Array): { json: Record<string, unknown>; text: Uint8Array; binary: Uint8Array } {
  const length = new DataView(glb.buffer, glb.byteOffset).getUint32(12, true), text = glb.slice(20, 20 + length);
  return { json: JSON.parse(new TextDecoder().decode(text)) as Record<string, unknown>, text, binary: glb.slice(28 + length) };
}

/** A GLB file of a mesh, positions compressed with Draco. */
export async function dracoGlb({ vertices, faces }: TriangleMesh): Promise<Uint8Array> {
  const document = new Document().setLogger(new Logger(Logger.Verbosity.SILENT)), buffer = document.createBuffer();
  document.createExtension(KHRDracoMeshCompression).setRequired(true);
  const primitive = document.createPrimitive()
    .setAttribute('POSITION', document.createAccessor().setType('VEC3').setArray(Float32Array.from(vertices)).setBuffer(buffer))
    .setIndices(document.createAccessor().setType('SCALAR').setArray(Uint32Array.from(faces)).setBuffer(buffer));
  document.createScene().addChild(document.createNode().setMesh(document.createMesh().addPrimitive(primitive)));
  const io = new WebIO().setLogger(new Logger(Logger.Verbosity.SILENT)).registerExtensions([KHRDracoMeshCompression]).registerDependencies({ 'draco3d.encoder': await draco3d.createEncoderModule() });
  return io.writeBinary(document);
}

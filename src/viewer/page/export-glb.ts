import { cropCamera } from '../../dense/crop-camera.ts';
import type { Affine } from '../../dense/crop-frame.ts';
import { writeGlb } from '../../io/glb.ts';
import { vertexNormals } from '../../mesh/vertex-normals.ts';
import type { ViewFrame } from '../view-data.ts';
import type { HeadMesh } from './engine/head.ts';
import { make } from './dom.ts';

/** What goes into the file. */
export interface ExportedMesh {
  readonly mesh: HeadMesh;
  /** `[F, 3]`, of the level that is shown. */
  readonly faces: Int32Array;
  readonly frame: ViewFrame;
  readonly name: string;
}

/** Hands the visitor a GLB file of the mesh before its camera; of a level only the vertices that its triangles use. */
export async function exportGlb({ mesh, faces, frame, name }: ExportedMesh): Promise<void> {
  const used = [...new Set(faces)].sort((a, b) => a - b), place = new Map(used.map((v, i) => [v, i]));
  const take = (data: Float32Array): Float32Array => Float32Array.from({ length: 3 * used.length }, (_, i) => data[3 * used[Math.floor(i / 3)]! + (i % 3)]!);
  const part = { vertices: take(mesh.vertices), colors: take(mesh.colors), faces: faces.map((v) => place.get(v)!) };
  const camera = cropCamera(frame.projection, frame.cropToPhoto as unknown as Affine, frame.size, part.vertices);
  const bytes = await writeGlb({ ...part, normals: vertexNormals(part), camera, name: 'face' });
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'model/gltf-binary' })), link = make('a', { href: url, download: `${name}.glb` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

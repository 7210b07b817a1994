import type { FaceModel } from '../decoder/face-model.ts';
import type { FaceRecord, SceneRecord } from '../dense/scene-record.ts';
import type { PixelImage } from '../io/image.ts';
import type { ViewerData } from '../viewer/viewer-data.ts';

/** What the files of a reconstruction are made from. */
export interface FaceFilesInput {
  /** The upright photograph, 3 channels. */
  readonly photo: PixelImage;
  /** Shown as the page's title. */
  readonly title: string;
  /** Of one face. */
  readonly scene: SceneRecord;
  readonly model: FaceModel;
}

/**
 * All files of a reconstruction by name, `scene.json` last: the mesh as GLB, PLY and OBJ, crop and render as PNG with the face mask as
 * alpha, the overlay, the page.
 */
export async function faceFiles({ photo, title, scene, model }: FaceFilesInput): Promise<Record<string, Uint8Array | string>> {
  const [{ cropCamera }, { cutOut }, { overlayImage }, { renderFace }, { resampleCrop }, { writeGlb }, { encodeJpeg, encodePng }, { writeObj }, { writePly }, { vertexNormals }] = await Promise.all([
    import('../dense/crop-camera.ts'), import('../dense/cut-out.ts'), import('../dense/overlay-image.ts'), import('../dense/render-face.ts'), import('../dense/resample.ts'),
    import('../io/glb.ts'), import('../io/node-image.ts'), import('../io/obj.ts'), import('../io/ply.ts'), import('../mesh/vertex-normals.ts')]);
  const [{ fillViewerPage }, { readViewerPage }] = await Promise.all([import('../viewer/fill-page.ts'), import('../viewer/page-node.ts')]);
  const face = scene.faces[0]!, { size } = scene.options, { mesh, colors, faceMask } = renderFace(face, model, size);
  const render = cutOut(colors, faceMask, size, size), crop = cutOut(resampleCrop(photo, face.cropToPhoto, size).pixels, faceMask, size, size);
  const url = `data:image/jpeg;base64,${Buffer.from(await encodeJpeg(photo)).toString('base64')}`;
  return {
    'face.glb': await writeGlb({ ...mesh, normals: vertexNormals(mesh), camera: cropCamera(face.projection, face.cropToPhoto, size, mesh.vertices) }),
    'face.ply': writePly(mesh), 'face.obj': writeObj(mesh),
    'crop.png': await encodePng(crop), 'render.png': await encodePng(render), 'overlay.png': await encodePng(overlayImage(crop, render)),
    'viewer.html': fillViewerPage(readViewerPage(), await viewerData(title, url, scene, mesh, model.topology.faceMask)),
    'scene.json': formatScene(scene),
  };
}

async function viewerData(title: string, url: string, { photo, model, options, faces: [face] }: SceneRecord, mesh: { vertices: Float32Array; faces: Int32Array; colors: Float32Array }, faceMask: Float32Array): Promise<ViewerData> {
  const { encodeArray } = await import('../viewer/base64-array.ts'), { projection, cropToPhoto, illumination } = face!;
  return {
    title, photo: { url, ...photo }, projection, crop: { size: options.size, toPhoto: cropToPhoto }, illumination, facts: factsOf(face!, model.name, mesh),
    mesh: { vertices: encodeArray(mesh.vertices), faces: encodeArray(mesh.faces), colors: encodeArray(mesh.colors), faceMask: encodeArray(faceMask) },
  };
}

function factsOf({ box, losses, seconds }: FaceRecord, model: string, { vertices, faces }: { vertices: Float32Array; faces: Int32Array }): ViewerData['facts'] {
  return [
    { label: 'Vertices', value: String(vertices.length / 3) }, { label: 'Triangles', value: String(faces.length / 3) }, { label: 'Box', value: box.map((x) => Number(x.toFixed(1))).join(', ') },
    ...Object.entries(losses).map(([name, value]) => ({ label: `Loss: ${name}`, value: value.toPrecision(3) })),
    { label: 'Fitted in', value: `${seconds.toFixed(1)} s` }, { label: 'Decoder', value: model },
  ];
}

/** A scene file's text: indented, each list of numbers on one line. Numbers keep all their digits. */
export function formatScene(scene: SceneRecord): string {
  return `${JSON.stringify(scene, null, 2).replace(/\[[-+.\deE,\s]*\]/g, (list) => `[${list.slice(1, -1).trim().replace(/\s+/g, ' ')}]`)}\n`;
}

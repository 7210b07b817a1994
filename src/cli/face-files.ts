import type { FaceModel } from '../decoder/face-model.ts';
import type { FaceGroup, FacePlacement } from '../dense/place-faces.ts';
import type { SceneRecord } from '../dense/scene-record.ts';
import type { PixelImage } from '../io/image.ts';
import { faceTitle, pageFace, type PagePhoto } from './page-input.ts';

/** What the files of a reconstruction are made from. */
export interface FaceFilesInput {
  /** The upright photograph, 3 channels. */
  readonly photo: PixelImage;
  /** Shown as the page's title. */
  readonly title: string;
  /** Of one face or several. */
  readonly scene: SceneRecord;
  readonly model: FaceModel;
  /** The file that the model was read from, for the page. */
  readonly modelBytes: Uint8Array;
}

/** Files by name, and how well the meshes of several cameras stand before the one of `face.glb`. */
export interface FaceFiles {
  readonly files: Record<string, Uint8Array | string>;
  /** Photo pixels, of each face; `null` for a single face, whose camera is its own. */
  readonly placements: readonly FacePlacement['error'][] | null;
}

/** Resolution at which a mesh is drawn into the photo, at most. */
const MAX_OVERLAY_SIZE = 1024;

/** `crop.png` of the first face, `crop-2.png` of the second. */
const numbered = (name: string, index: number): string => (index === 0 ? name : name.replace('.', `-${index + 1}.`));

/**
 * All files of a reconstruction by name, `scene.json` last: the mesh as GLB, PLY and OBJ, crop and render as PNG with the face mask as
 * alpha, the overlay, the page.
 *
 * Of several faces, `face.glb` has them all, each as a node before one camera, and `overlay.png` is the photo with all of them over it; PLY, OBJ, crop and
 * render are numbered from the second on, and the page shows each.
 */
export async function faceFiles({ photo, title, scene, model, modelBytes }: FaceFilesInput): Promise<FaceFiles> {
  const [{ cropCamera }, { cutOut }, { overlayImage }, { renderFace }, { resampleCrop }, { writeGlb, writeGlbScene }, { encodePng }, { writeObj }, { writePly }, { vertexNormals }] = await Promise.all([
    import('../dense/crop-camera.ts'), import('../dense/cut-out.ts'), import('../dense/overlay-image.ts'), import('../dense/render-face.ts'), import('../dense/resample.ts'),
    import('../io/glb.ts'), import('../io/node-image.ts'), import('../io/obj.ts'), import('../io/ply.ts'), import('../mesh/vertex-normals.ts')]);
  const { staticPage } = await import('./static-page.ts'), { size } = scene.options;
  const drawn = scene.faces.map((face) => {
    const { mesh, colors, faceMask } = renderFace(face, model, size);
    return { face, mesh, render: cutOut(colors, faceMask, size, size), crop: cutOut(resampleCrop(photo, face.cropToPhoto, size).pixels, faceMask, size, size) };
  });
  const [first] = drawn as [(typeof drawn)[number]], isGroup = drawn.length > 1, group = isGroup ? await placeGroup(scene, drawn.map(({ mesh }) => mesh)) : null;
  const meshes = drawn.map(({ mesh }, i) => ({ ...mesh, normals: vertexNormals(mesh), name: i === 0 ? 'face' : `face ${i + 1}` }));
  const files: Record<string, Uint8Array | string> = {
    'face.glb': group ? await writeGlbScene(meshes.map((mesh, i) => ({ ...mesh, matrix: group.placements[i]!.matrix })), group.camera)
      : await writeGlb({ ...meshes[0]!, camera: cropCamera(first.face.projection, first.face.cropToPhoto, size, first.mesh.vertices) }),
  };
  for (const [i, { mesh, crop, render }] of drawn.entries()) {
    files[numbered('face.ply', i)] = writePly(mesh);
    files[numbered('face.obj', i)] = writeObj(mesh);
    files[numbered('crop.png', i)] = await encodePng(crop);
    files[numbered('render.png', i)] = await encodePng(render);
  }
  files['overlay.png'] = await encodePng(isGroup ? await groupOverlay(photo, scene, model) : overlayImage(first.crop, first.render));
  const whole: PagePhoto = { key: 'photo', width: photo.width, height: photo.height, pixels: async () => photo };
  const shown = scene.faces.map((face, i) => pageFace(face, { title: faceTitle(title, i, scene.faces.length), size, photo: whole, model: scene.model.name }));
  files['viewer.html'] = await staticPage({ title, faces: shown }, modelBytes);
  files['scene.json'] = formatScene(scene);
  return { files, placements: group?.placements.map(({ error }) => error) ?? null };
}

async function placeGroup({ photo, faces }: SceneRecord, meshes: readonly { readonly vertices: Float32Array }[]): Promise<FaceGroup> {
  const { placeFaces } = await import('../dense/place-faces.ts');
  return placeFaces(faces.map(({ projection }, i) => ({ projection, vertices: meshes[i]!.vertices })), photo.width, photo.height);
}

/** The photo with every mesh over it, the smallest, which is taken to be the farthest, lowest. */
async function groupOverlay(photo: PixelImage, { options, faces }: SceneRecord, model: FaceModel): Promise<PixelImage> {
  const [{ cutOut }, { photoOverlay }, { renderFace }] = await Promise.all([import('../dense/cut-out.ts'), import('../dense/photo-overlay.ts'), import('../dense/render-face.ts')]);
  const layers = faces.map((face) => {
    const [[a, , c], [d, , f]] = face.cropToPhoto, scale = Math.hypot(a, d), side = scale * options.size, size = Math.max(16, Math.min(MAX_OVERLAY_SIZE, Math.ceil(side)));
    const { colors, faceMask } = renderFace(face, model, size), k = options.size / size, [[, b], [, e]] = face.cropToPhoto;
    return { side, render: cutOut(colors, faceMask, size, size), toPhoto: [[k * a, k * b, c], [k * d, k * e, f]] as const };
  });
  return photoOverlay(photo, layers.sort((one, other) => one.side - other.side));
}

/** A scene file's text: indented, each list of numbers on one line. Numbers keep all their digits. */
export function formatScene(scene: SceneRecord): string {
  return `${JSON.stringify(scene, null, 2).replace(/\[[-+.\deE,\s]*\]/g, (list) => `[${list.slice(1, -1).trim().replace(/\s+/g, ' ')}]`)}\n`;
}

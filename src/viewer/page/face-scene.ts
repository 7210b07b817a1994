import * as THREE from 'three';
import { meshEdges } from '../../mesh/mesh-edges.ts';
import { vertexNormals } from '../../mesh/vertex-normals.ts';
import { decodeFloats, decodeInts } from '../base64-array.ts';
import { clipMatrix, depthOf, normalizeProjection, photoCorners, type Rows, type Turn, turnMatrix, type View } from '../view-matrix.ts';
import type { ViewerData } from '../viewer-data.ts';
import { createMaterials } from './shading.ts';

/** What a drawing shows. */
export interface Display {
  readonly photo: boolean;
  readonly wireframe: boolean;
  readonly light: boolean;
  /** Without skull, ears and neck. */
  readonly faceOnly: boolean;
  /** Of the mesh, 0 to 1. */
  readonly opacity: number;
}

/** Mesh, lines and photograph of one page, in the space of the mesh: the projection does all the rest. */
export class FaceScene {
  private readonly scene = new THREE.Scene();
  private readonly camera = new THREE.Camera();
  private readonly shared = { clip: { value: new THREE.Matrix4() }, lit: { value: true }, opacity: { value: 1 }, faceOnly: { value: false } };
  private readonly parts: Record<'depth' | 'face' | 'lines' | 'photo', THREE.Object3D>;
  private readonly projection: Rows;
  private readonly pivot: readonly number[];
  private readonly radius: number;

  constructor(private readonly renderer: THREE.WebGLRenderer, data: ViewerData, picture: TexImageSource) {
    const vertices = decodeFloats(data.mesh.vertices), faces = decodeInts(data.mesh.faces);
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute('position', new THREE.BufferAttribute(vertices, 3));
    geometry.setAttribute('normal', new THREE.BufferAttribute(vertexNormals({ vertices, faces }), 3));
    geometry.setAttribute('color', new THREE.BufferAttribute(decodeFloats(data.mesh.colors), 3));
    geometry.setAttribute('weight', new THREE.BufferAttribute(decodeFloats(data.mesh.faceMask), 1));
    geometry.setIndex(new THREE.BufferAttribute(new Uint32Array(faces), 1));
    geometry.computeBoundingSphere();
    const { center, radius } = geometry.boundingSphere!;
    this.pivot = center.toArray();
    this.radius = radius;
    this.projection = normalizeProjection(data.projection, this.pivot);

    const texture = new THREE.Texture(picture as HTMLImageElement);
    texture.needsUpdate = true;
    texture.anisotropy = renderer.capabilities.getMaxAnisotropy();
    const materials = createMaterials(this.shared, data, texture);
    this.parts = {
      photo: new THREE.Mesh(this.photoGeometry(data), materials.photo), depth: new THREE.Mesh(geometry, materials.depth),
      face: new THREE.Mesh(geometry, materials.face), lines: new THREE.LineSegments(lineGeometry(geometry, faces), materials.lines),
    };
    Object.values(this.parts).forEach((part, order) => {
      part.renderOrder = order;
      part.frustumCulled = false;
      this.scene.add(part);
    });
  }

  /** Draws on the canvas. */
  draw(view: View, turn: Turn, display: Display): void {
    this.prepare(view, turn, display);
    this.renderer.render(this.scene, this.camera);
  }

  /** The lit mesh alone, as the renderer draws it: `[height * width * 4]`, row 0 at the top, alpha 0 beside the mesh. */
  snapshot(view: View): Uint8Array {
    const { width, height } = view, target = new THREE.WebGLRenderTarget(width, height, { samples: 0 });
    this.prepare(view, { yaw: 0, pitch: 0 }, { photo: false, wireframe: false, light: true, faceOnly: false, opacity: 1 });
    this.renderer.setRenderTarget(target);
    this.renderer.clear();
    this.renderer.render(this.scene, this.camera);
    const rising = new Uint8Array(4 * width * height), pixels = new Uint8Array(rising.length);
    this.renderer.readRenderTargetPixels(target, 0, 0, width, height, rising);
    this.renderer.setRenderTarget(null);
    target.dispose();
    for (let row = 0; row < height; row++) pixels.set(rising.subarray(4 * width * (height - 1 - row), 4 * width * (height - row)), 4 * width * row);
    return pixels;
  }

  private prepare(view: View, turn: Turn, { photo, wireframe, light, faceOnly, opacity }: Display): void {
    const depth = depthOf(this.projection, this.pivot), near = Math.max(depth - 1.5 * this.radius, 0.05 * depth), far = depth + 1.5 * this.radius;
    const clip = new THREE.Matrix4().fromArray(clipMatrix(this.projection, view, near, far)).transpose();
    this.shared.clip.value.copy(clip.multiply(new THREE.Matrix4().fromArray(turnMatrix(this.projection, this.pivot, turn)).transpose()));
    this.shared.lit.value = light;
    this.shared.opacity.value = opacity;
    this.shared.faceOnly.value = faceOnly;
    // Seen from behind the photograph would hide the mesh: it is drawn first, without depth, and only from the front.
    this.parts.photo.visible = photo && Math.cos(turn.yaw) * Math.cos(turn.pitch) > 0.05;
    this.parts.depth.visible = this.parts.face.visible = opacity > 0;
    this.parts.lines.visible = wireframe;
  }

  // Upright in space at the depth of the head's middle: turned with the head, it stays where the picture was taken.
  private photoGeometry({ photo: { width, height } }: ViewerData): THREE.BufferGeometry {
    const geometry = new THREE.BufferGeometry(), corners = photoCorners(this.projection, width, height, depthOf(this.projection, this.pivot));
    geometry.setAttribute('position', new THREE.BufferAttribute(corners, 3));
    geometry.setAttribute('uv', new THREE.BufferAttribute(Float32Array.of(0, 1, 1, 1, 1, 0, 0, 0), 2));
    geometry.setIndex([0, 3, 2, 0, 2, 1]);
    return geometry;
  }
}

/** The edges of a mesh as lines on its own vertices. */
function lineGeometry(mesh: THREE.BufferGeometry, faces: Int32Array): THREE.BufferGeometry {
  const geometry = new THREE.BufferGeometry(), ends = meshEdges(faces).filter((_, i) => i % 4 < 2);
  for (const name of ['position', 'weight']) geometry.setAttribute(name, mesh.getAttribute(name));
  geometry.setIndex(new THREE.BufferAttribute(Uint32Array.from(ends), 1));
  return geometry;
}

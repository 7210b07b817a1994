import * as THREE from 'three';
import type { IlluminationNumbers } from '../../../dense/scene.ts';
import { moveEye } from '../../move-eye.ts';
import type { ViewFrame } from '../../view-data.ts';
import { clipMatrix, depthOf, normalizeProjection, photoCorners, type Rows, turnMatrix, type View } from '../../view-matrix.ts';
import type { Pose } from '../navigation.ts';
import { DifferencePass } from './difference.ts';
import type { MeshGeometry } from './mesh-geometry.ts';
import { createMaterials, createUniforms, type Surface, SURFACES } from './shading.ts';

/** What a drawing shows. */
export interface Display {
  readonly photo: boolean;
  readonly mesh: boolean;
  readonly wireframe: boolean;
  readonly lit: boolean;
  readonly surface: Surface;
  /** Without skull, ears and neck. */
  readonly faceOnly: boolean;
  /** Of the mesh, 0 to 1. */
  readonly opacity: number;
}

/** A picture with the size of the photograph that it shows. */
export interface Picture {
  readonly image: TexImageSource;
  readonly width: number;
  readonly height: number;
}

type Part = 'depth' | 'face' | 'lines' | 'photo';

const RENDER_ALONE: Display = { photo: false, mesh: true, wireframe: false, lit: true, surface: 'colour', faceOnly: false, opacity: 1 };
const UNTURNED = { yaw: 0, pitch: 0, eye: 1 } as const;

/** Mesh, lines and photograph, in the space of the mesh: the projection does all the rest. */
export class FaceScene {
  private readonly scene = new THREE.Scene();
  private readonly camera = new THREE.Camera();
  private readonly uniforms = createUniforms();
  private readonly materials = createMaterials(this.uniforms);
  private readonly difference: DifferencePass;
  private readonly parts: Record<Part, THREE.Mesh | THREE.LineSegments>;
  private texture: THREE.Texture | null = null;
  private projection: Rows = [];
  private middle: readonly number[] = [0, 0, 0];
  private radius = 1;

  /** @param geometry - Holds the mesh already. */
  constructor(private readonly renderer: THREE.WebGLRenderer, geometry: MeshGeometry) {
    this.difference = new DifferencePass(renderer, this.uniforms);
    this.parts = {
      photo: new THREE.Mesh(new THREE.BufferGeometry(), this.materials.photo), depth: new THREE.Mesh(geometry.surface, this.materials.depth),
      face: new THREE.Mesh(geometry.surface, this.materials.face), lines: new THREE.LineSegments(geometry.lines, this.materials.lines),
    };
    Object.values(this.parts).forEach((part, order) => {
      part.renderOrder = order;
      part.frustumCulled = false;
      this.scene.add(part);
    });
  }

  /** What the head turns about: the middle of the mesh at the last {@link setFace}. */
  get pivot(): readonly number[] { return this.middle; }

  /** Another mesh with another number of vertices. */
  setGeometry({ surface, lines }: MeshGeometry): void {
    this.parts.depth.geometry = this.parts.face.geometry = surface;
    this.parts.lines.geometry = lines;
  }

  /** Puts the mesh before a camera and, if there is one, a photograph behind it. */
  setFace({ projection }: ViewFrame, picture: Picture | null): void {
    const { surface } = { surface: this.parts.face.geometry };
    surface.computeBoundingSphere();
    const { center, radius } = surface.boundingSphere!;
    this.middle = center.toArray();
    this.radius = radius;
    this.projection = normalizeProjection(projection, this.middle);
    const [u, v, w] = this.projection as [number[], number[], number[]], { toPhoto, eye, photo, photoSize } = this.uniforms;
    toPhoto.value.set(...u as Four, ...v as Four, ...w as Four, ...w as Four);
    eye.value.set(0, 0, 0).applyMatrix4(new THREE.Matrix4().set(...u as Four, ...v as Four, ...w as Four, 0, 0, 0, 1).invert());
    this.texture?.dispose();
    this.texture = null;
    if (!picture) return;
    this.texture = new THREE.Texture(picture.image as HTMLImageElement);
    this.texture.needsUpdate = true;
    this.texture.anisotropy = this.renderer.capabilities.getMaxAnisotropy();
    photo.value = this.texture;
    photoSize.value.set(picture.width, picture.height);
    this.parts.photo.geometry.dispose();
    this.parts.photo.geometry = this.photoGeometry(picture);
  }

  setLight({ lightPosition, lightColor, ambientColor }: IlluminationNumbers): void {
    this.uniforms.lightPosition.value.fromArray([...lightPosition]);
    this.uniforms.lightColor.value.fromArray([...lightColor]);
    this.uniforms.ambientColor.value.fromArray([...ambientColor]);
  }

  /** Draws on the canvas. */
  draw(view: View, pose: Pick<Pose, 'yaw' | 'pitch' | 'eye'>, display: Display): void {
    this.prepare(view, pose, display);
    this.renderer.render(this.scene, this.camera);
  }

  /** Draws on the canvas how far the render lies from the photograph, at the fitted pose. */
  drawDifference(view: View, heat: boolean, faceOnly: boolean): void {
    this.difference.run(heat, (which) => this.draw(view, UNTURNED, which === 0 ? { ...RENDER_ALONE, faceOnly } : { ...RENDER_ALONE, mesh: false, photo: true }));
  }

  /** A drawing at the fitted pose: `[height * width * 4]`, row 0 at the top, alpha 0 where nothing was drawn. As the renderer draws it: the lit mesh alone; or the photograph alone. */
  snapshot(view: View, what: 'mesh' | 'photo' = 'mesh'): Uint8Array<ArrayBuffer> {
    const { width, height } = view, target = new THREE.WebGLRenderTarget(width, height, { samples: 0 }), rising = new Uint8Array(4 * width * height);
    this.renderer.setRenderTarget(target);
    this.renderer.clear();
    this.draw(view, UNTURNED, { ...RENDER_ALONE, mesh: what === 'mesh', photo: what === 'photo' });
    this.renderer.setRenderTarget(null);
    this.renderer.readRenderTargetPixels(target, 0, 0, width, height, rising);
    target.dispose();
    return upright(rising, width, height);
  }

  /**
   * Draws the lit mesh alone, at any pose, into a 2D canvas, by way of a corner of the page's own, which must be drawn again in the same task: reading
   * pixels back would hold up the page.
   */
  paint(canvas: HTMLCanvasElement, view: View, pose: Pick<Pose, 'yaw' | 'pitch' | 'eye'>): void {
    const { width, height } = view, ratio = this.renderer.getPixelRatio(), source = this.renderer.domElement;
    this.renderer.setViewport(0, 0, width / ratio, height / ratio);
    this.renderer.clear();
    this.draw(view, pose, RENDER_ALONE);
    this.renderer.setViewport(0, 0, source.width / ratio, source.height / ratio);
    const context = canvas.getContext('2d')!;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(source, 0, source.height - height, width, height, 0, 0, canvas.width, canvas.height);
  }

  private prepare(view: View, pose: Pick<Pose, 'yaw' | 'pitch' | 'eye'>, { photo, mesh, wireframe, lit, surface, faceOnly, opacity }: Display): void {
    const projection = pose.eye === 1 ? this.projection : moveEye(this.projection, this.middle, pose.eye);
    const depth = depthOf(projection, this.middle), near = Math.max(depth - 1.5 * this.radius, 0.05 * depth), far = depth + 1.5 * this.radius;
    const clip = new THREE.Matrix4().fromArray(clipMatrix(projection, view, near, far)).transpose();
    this.uniforms.clip.value.copy(clip.multiply(new THREE.Matrix4().fromArray(turnMatrix(projection, this.middle, pose)).transpose()));
    this.uniforms.lit.value = lit;
    this.uniforms.opacity.value = opacity;
    this.uniforms.faceOnly.value = faceOnly;
    this.uniforms.surface.value = SURFACES.indexOf(surface);
    // Seen from behind the photograph would hide the mesh: it is drawn first, without depth, and only from the front.
    this.parts.photo.visible = photo && this.texture !== null && Math.cos(pose.yaw) * Math.cos(pose.pitch) > 0.05;
    this.parts.depth.visible = this.parts.face.visible = mesh && opacity > 0;
    this.parts.lines.visible = wireframe;
  }

  // Upright in space at the depth of the head's middle: turned with the head, it stays where the picture was taken.
  private photoGeometry({ width, height }: Picture): THREE.BufferGeometry {
    const geometry = new THREE.BufferGeometry(), corners = photoCorners(this.projection, width, height, depthOf(this.projection, this.middle));
    geometry.setAttribute('position', new THREE.BufferAttribute(corners, 3));
    geometry.setAttribute('uv', new THREE.BufferAttribute(Float32Array.of(0, 1, 1, 1, 1, 0, 0, 0), 2));
    geometry.setIndex([0, 3, 2, 0, 2, 1]);
    return geometry;
  }
}

/** Rows as pictures have them: OpenGL's rise. */
function upright(rising: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(rising.length);
  for (let row = 0; row < height; row++) pixels.set(rising.subarray(4 * width * (height - 1 - row), 4 * width * (height - row)), 4 * width * row);
  return pixels;
}

type Four = [number, number, number, number];

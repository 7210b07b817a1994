import * as THREE from 'three';
import { defaultFrame } from '../default-frame.ts';
import { illuminationOf } from '../light-angles.ts';
import type { ViewFrame } from '../view-data.ts';
import type { Head, HeadMesh } from './engine/head.ts';
import { cropView, viewOf } from './framing.ts';
import { type Display, FaceScene, type Picture } from './scene/face-scene.ts';
import { MeshGeometry } from './scene/mesh-geometry.ts';
import type { Store, ViewState } from './store.ts';

const MAX_PIXEL_RATIO = 3;

/** The canvas: decodes when the latent changed and draws when anything did, once a frame at most. */
export class Stage {
  readonly renderer: THREE.WebGLRenderer;
  private readonly scene: FaceScene;
  private geometry = new MeshGeometry(0, new Float32Array(0));
  private head: Head | null = null;
  private picture: Picture | null = null;
  private isWaiting = false;
  private isMeshOld = true;
  private isPlaced = false;
  private currentFrame: ViewFrame = defaultFrame([0, 0, 0]);
  /** Milliseconds that the last decoding took. */
  decodeTime = 0;

  /** @param onDecoded - Called after each decoding. */
  constructor(private readonly canvas: HTMLCanvasElement, private readonly store: Store, private readonly onDecoded: () => void) {
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.renderer.outputColorSpace = THREE.LinearSRGBColorSpace; // colours reach the canvas as the shaders write them
    this.scene = new FaceScene(this.renderer, this.geometry);
    new ResizeObserver(() => this.request()).observe(canvas);
    canvas.addEventListener('webglcontextrestored', () => this.request());
    store.listen((_, changed) => {
      this.isMeshOld ||= changed.has('latent') || changed.has('surface');
      this.request();
    });
  }

  get pivot(): readonly number[] { return this.scene.pivot; }
  get frame(): ViewFrame { return this.currentFrame; }
  /** The mesh on the canvas. */
  get mesh(): HeadMesh { return this.geometry; }

  setHead(head: Head): void {
    this.head = head;
    this.geometry.dispose();
    this.geometry = new MeshGeometry(head.vertexCount, head.faceMask);
    this.scene.setGeometry(this.geometry);
    this.isMeshOld = true;
    this.request();
  }

  /** Puts the head before a camera; `null`: one of the page's own. */
  setFace(frame: ViewFrame | null, picture: Picture | null): void {
    this.update();
    this.picture = picture;
    this.currentFrame = frame ?? defaultFrame(this.head?.mean ?? this.geometry.vertices);
    this.scene.setFace(this.currentFrame, picture);
    this.isPlaced = true;
    this.request();
  }

  /** Draws with the next frame. */
  request(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.draw();
    });
  }

  /** The crop's pixels at the fitted pose, `[size * size * 4]`: the lit mesh as the state lights it, or the photograph. */
  snapshot(what: 'mesh' | 'photo' = 'mesh'): Uint8Array<ArrayBuffer> {
    this.update();
    return this.scene.snapshot(cropView(this.currentFrame), what);
  }

  draw(): void {
    if (!this.isPlaced) return;
    this.update();
    const state = this.store.get(), ratio = Math.min(window.devicePixelRatio, MAX_PIXEL_RATIO), width = Math.max(1, this.canvas.clientWidth), height = Math.max(1, this.canvas.clientHeight);
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(width, height, false);
    const view = viewOf(this.currentFrame, state.pose, width, height);
    if (state.mode === 'difference' && this.picture) this.scene.drawDifference(view, state.heat, state.faceOnly);
    else this.scene.draw(view, state.pose, displayOf(state, this.picture !== null));
  }

  private update(): void {
    const { head } = this, { latent, level, light, surface } = this.store.get();
    if (!head) return;
    this.geometry.setFaces(head.levels[Math.min(level, head.levels.length - 1)]!.faces);
    if (this.isMeshOld) {
      this.isMeshOld = false;
      const began = performance.now(), mesh = head.decode(latent);
      this.decodeTime = performance.now() - began;
      this.geometry.setMesh(mesh, surface === 'movement' && head.mean ? distances(mesh.vertices, head.mean) : null);
      this.onDecoded();
    }
    this.scene.setLight(illuminationOf(light, this.scene.pivot));
  }
}

function displayOf({ mode, wireframe, lit, surface, faceOnly, opacity }: ViewState, hasPhoto: boolean): Display {
  const alone = !hasPhoto || mode === 'render';
  return { photo: !alone, mesh: mode !== 'photo' || !hasPhoto, wireframe: wireframe && (mode !== 'photo' || !hasPhoto), lit, surface, faceOnly, opacity: alone ? 1 : opacity };
}

function distances(a: Float32Array, b: Float32Array): Float32Array {
  return Float32Array.from({ length: a.length / 3 }, (_, v) => Math.hypot(a[3 * v]! - b[3 * v]!, a[3 * v + 1]! - b[3 * v + 1]!, a[3 * v + 2]! - b[3 * v + 2]!));
}

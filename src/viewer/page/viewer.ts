import { defaultFrame, STUDIO_LIGHT } from '../default-frame.ts';
import { lightKnobs, type LightKnobs } from '../light-angles.ts';
import type { ViewData, ViewEvents, ViewFace, ViewFrame, ViewPhoto } from '../view-data.ts';
import { byId } from './dom.ts';
import { type Head, headOfMesh } from './engine/head.ts';
import { exportGlb } from './export-glb.ts';
import { wholePhoto } from './framing.ts';
import { glide } from './glide.ts';
import { loadPicture } from './load-picture.ts';
import { FITTED, type Pose } from './navigation.ts';
import { Stage } from './stage.ts';
import { createStore, INITIAL_STATE, type Store } from './store.ts';

/** One page: its data, its state, its canvas, and what can be done with them. */
export class Viewer {
  readonly store: Store = createStore({ ...INITIAL_STATE, light: lightKnobs(STUDIO_LIGHT, [0, 0, 0]) });
  readonly stage: Stage;
  readonly canvas = byId<HTMLCanvasElement>('canvas');
  private loadedHead: Head | null = null;
  private fittedLight: LightKnobs = this.store.get().light;
  private turn = 0;

  /** @param onDecoded - Called after each decoding. */
  constructor(readonly data: ViewData, onDecoded: () => void) {
    this.stage = new Stage(this.canvas, this.store, onDecoded);
  }

  get head(): Head | null { return this.loadedHead; }
  /** The face that is shown; `undefined` where there is none. */
  get face(): ViewFace | undefined { return this.data.faces[this.store.get().face]; }
  get photo(): ViewPhoto | null { return this.face?.photo ?? null; }
  get light(): LightKnobs { return this.fittedLight; }

  /** The latent that the present face was fitted with; zeros without one. */
  fittedLatent(): Float32Array {
    const { latentSize } = this.loadedHead!, latent = this.face?.scene?.latent;
    return latent?.length === latentSize ? Float32Array.from(latent) : new Float32Array(latentSize);
  }

  /** Takes another head; what is shown stays as far as it fits. */
  setHead(head: Head): void {
    const before = this.loadedHead;
    this.loadedHead = head;
    this.stage.setHead(head);
    if (before && before.latentSize === head.latentSize) before.dispose();
    if (this.store.get().latent?.length !== head.latentSize) this.store.set({ latent: head.model ? this.fittedLatent() : null, level: 0 });
  }

  /** Shows one of the faces, as it was fitted. */
  async showFace(index: number): Promise<void> {
    const face = this.data.faces[index], turn = ++this.turn, picture = face?.photo ? await loadPicture(face.photo) : null;
    if (turn !== this.turn) return; // another one was asked for meanwhile
    if (face?.mesh && !this.data.model) this.setHead(headOfMesh(face.mesh));
    if (!this.loadedHead) return; // of a run that has no weights yet
    this.store.set({ face: index });
    if (this.loadedHead?.model) this.store.set({ latent: this.fittedLatent() });
    this.place(face?.frame ?? null, picture, face?.scene?.illumination ?? face?.mesh?.illumination ?? STUDIO_LIGHT);
    this.store.set({ pose: FITTED });
  }

  /** The next face, or the one before. */
  step(by: number): void {
    const { length } = this.data.faces;
    if (length > 1) void this.showFace((this.store.get().face + by + length) % length);
  }

  /** Shows where a running fit is. */
  showFit({ scene, frame }: ViewEvents['fit']): void {
    if (scene.latent.length !== this.loadedHead?.latentSize) return;
    this.store.set({ latent: Float32Array.from(scene.latent) });
    const { photo } = this;
    void (photo ? loadPicture(photo) : Promise.resolve(null)).then((picture) => this.place(frame, picture, scene.illumination));
  }

  goTo(pose: Pose): void {
    glide(() => this.store.get().pose, pose, (next) => this.store.set({ pose: next }));
  }

  resetView(): void { this.goTo(FITTED); }

  showWholePhoto(): void {
    const { photo, canvas } = this;
    if (photo) this.goTo(wholePhoto(this.stage.frame, photo, canvas.clientWidth, canvas.clientHeight));
  }

  async export(): Promise<void> {
    const { head, stage } = this, name = (this.face?.title ?? this.data.title).replace(/\.[a-z]+$/i, '').replace(/[^\p{L}\p{N}_-]+/gu, '-');
    if (!head) return;
    stage.snapshot();
    // A frame that no camera of a GLB file can hold, such as a skewed one, is left out for the page's own.
    const faces = head.levels[this.store.get().level]!.faces, exported = { mesh: stage.mesh, faces, name: name || 'face' };
    await exportGlb({ ...exported, frame: stage.frame }).catch(() => exportGlb({ ...exported, frame: defaultFrame(stage.mesh.vertices) }));
  }

  private place(frame: ViewFrame | null, picture: Awaited<ReturnType<typeof loadPicture>> | null, illumination: typeof STUDIO_LIGHT): void {
    this.stage.setFace(frame, picture);
    this.fittedLight = lightKnobs(illumination, this.stage.pivot);
    this.store.set({ light: this.fittedLight });
  }
}

import { decodeMesh } from '../../decoder/decode-mesh.ts';
import type { LatentDescription } from '../latent-names.ts';
import type { ViewData } from '../view-data.ts';
import { byId, make } from './dom.ts';
import { fetchBytes } from './engine/fetch-bytes.ts';
import { headOfModel } from './engine/head.ts';
import { type Engine, startEngine } from './engine/start-engine.ts';
import { faceLabel } from './face-label.ts';
import { createIdleQueue } from './idle-queue.ts';
import { attachKeys } from './keys.ts';
import { followEvents } from './live/follow-events.ts';
import { createRunPane } from './live/run-pane.ts';
import { attachNavigation, type Pose } from './navigation.ts';
import { createDirections, type Directions } from './panel/directions.ts';
import { showFigures } from './panel/figures.ts';
import { createLegend } from './panel/legend.ts';
import { createMix } from './panel/mix.ts';
import { createModes, MODE_KEYS } from './panel/modes.ts';
import { createScenePane } from './panel/scene-pane.ts';
import { createSurfacePane } from './panel/surface-pane.ts';
import { createTabs } from './panel/tabs.ts';
import { createThumbnails, type Thumbnails } from './scene/thumbnails.ts';
import { type Mode, scopeOf, type ViewState } from './store.ts';
import { Viewer } from './viewer.ts';

/** What a script beside the page, such as its test, may ask of it. */
interface ViewerHandle {
  /** The crop as `render.png` shows it, or the photograph in it: `[size * size * 4]`. */
  renderCrop(what?: 'mesh' | 'photo'): number[];
  readonly pose: Pose;
  readonly state: Omit<ViewState, 'latent'> & { readonly latent: number[] | null };
  /** `wasm`, `cpu`, or `none` where nothing decodes. */
  readonly backend: string;
  /** Vertices and colours of a latent, decoded here. */
  decode(latent: readonly number[]): { vertices: number[]; colors: number[] };
  /** Vertices of the mesh on the canvas. */
  vertices(): number[];
  /** Milliseconds of each of `count` decodings of different latents, one after another, with drawing or without. */
  decodeTimes(count: number, withDrawing: boolean): number[];
  /** Of the directions, as far as they have names. */
  names(): (LatentDescription | undefined)[];
}

declare global {
  interface Window {
    retinamesh?: ViewerHandle;
  }
}

const data = JSON.parse(byId('data').textContent!) as ViewData, idle = createIdleQueue();
let engine: Engine | null = null, directions: Directions | null = null, thumbnails: Thumbnails | null = null, scope: ReturnType<typeof scopeOf> | null = null;
start().catch((error: Error) => {
  byId('failure').textContent = `This page could not draw: ${error.message}`;
  byId('failure').hidden = false;
});

async function start(): Promise<void> {
  document.title = `${data.title} - retinamesh`;
  const viewer = new Viewer(data, () => showStatus(viewer)), { store } = viewer;
  attachNavigation(viewer.canvas, () => store.get().pose, (pose) => store.set({ pose }), () => store.get().mode === 'difference' && viewer.photo !== null);
  if (data.model) await loadModel(viewer);
  await viewer.showFace(0);
  fillPanel(viewer);
  attachControls(viewer);
  if (data.events) follow(viewer, data.events);
  viewer.stage.draw();
  window.retinamesh = handle(viewer);
}

/** Fetches and reads the model; where it is not there yet, as at the start of a run, the page waits for the event that tells of it. */
async function loadModel(viewer: Viewer): Promise<void> {
  engine ??= await startEngine(data.wasm ? await fetchBytes(data.wasm) : null);
  try {
    viewer.setHead(headOfModel(await fetchBytes(data.model!), 'the model'));
  } catch (error) {
    if (!data.events) throw error;
    byId('status').textContent = 'Waiting for the first weights \u2026';
  }
}

/** Fills the panel, anew when another model has come. */
function fillPanel(viewer: Viewer): void {
  scope?.drop();
  scope = scopeOf(viewer.store);
  const { head, stage } = viewer, { store } = scope, hasPhoto = data.faces.some(({ photo }) => photo !== null), facts = viewer.face?.facts ?? [];
  createTabs([
    ...(head?.model ? [{ name: 'directions', label: 'Directions' }] : []), ...(head ? [{ name: 'surface', label: 'Surface' }, { name: 'scene', label: 'Scene' }] : []),
    ...(data.events ? [{ name: 'run', label: 'Run' }] : []), ...(data.faces.some((face) => face.facts.length > 0) ? [{ name: 'figures', label: 'Figures' }] : []),
  ]);
  document.body.classList.toggle('headless', !head);
  if (!head) return;
  if (head.model) {
    idle.clear();
    thumbnails?.dispose();
    thumbnails = createThumbnails(stage.renderer, head, () => stage.draw());
    directions = createDirections({ store, head, idle, thumbnails, fitted: () => viewer.fittedLatent() });
    byId('tab-directions').prepend(createMix({ store, data, size: head.latentSize }));
  }
  createScenePane({ store, stage, fittedLight: () => viewer.light, resetView: () => viewer.resetView() });
  createSurfacePane({ store, levels: head.levels, hasModel: head.model !== null, hasPhoto });
  showFigures(facts);
}

function attachControls(viewer: Viewer): void {
  const { store } = viewer, hasPhoto = (): boolean => viewer.photo !== null;
  createModes(store, hasPhoto);
  createLegend(store, hasPhoto);
  const choice = byId<HTMLSelectElement>('face-choice');
  choice.replaceChildren(...data.faces.map(({ title }, i) => make('option', { value: i }, faceLabel(title, data.title))));
  choice.addEventListener('change', () => void viewer.showFace(Number(choice.value)));
  byId('chooser').hidden = data.faces.length < 2;
  store.listen(({ face, wireframe, lit }, changed) => {
    choice.value = String(face);
    byId('wireframe').setAttribute('aria-pressed', String(wireframe));
    byId('light').setAttribute('aria-pressed', String(lit));
    if (changed.has('face')) showFigures(viewer.face?.facts ?? []);
  });
  const flip = (key: 'wireframe' | 'lit' | 'faceOnly' | 'heat') => (): void => store.set({ [key]: !store.get()[key] });
  const mode = (next: Mode): void => { if (hasPhoto()) store.set({ mode: next }); };
  const level = (by: number): void => {
    const count = viewer.head?.levels.length ?? 1, next = Math.min(count - 1, Math.max(0, store.get().level + by));
    store.set({ level: next, ...(next > 0 && { wireframe: true }) });
  };
  const fold = (): void => {
    const isFolded = document.body.classList.toggle('folded');
    byId('fold').setAttribute('aria-expanded', String(!isFolded));
  };
  attachKeys([
    { keys: ['1', '2', '3', '4'], text: 'overlay, photo, render, difference', act: (key) => mode(MODE_KEYS[key]!) }, { keys: ['x'], text: 'difference as heat map or channel by channel', act: flip('heat') },
    { keys: ['p'], text: 'photograph behind the mesh, or not', act: () => mode(store.get().mode === 'overlay' ? 'render' : 'overlay') },
    { keys: ['w'], text: 'edges', act: flip('wireframe') }, { keys: ['l'], text: 'light', act: flip('lit') }, { keys: ['m'], text: 'only the face', act: flip('faceOnly') },
    { keys: [',', '.'], text: 'finer or coarser level', act: (key) => level(key === ',' ? -1 : 1) }, { keys: ['r'], text: 'first view', act: () => viewer.resetView() }, { keys: ['f'], text: 'whole photograph', act: () => viewer.showWholePhoto() },
    { keys: ['[', ']'], text: 'previous, next face', act: (key) => viewer.step(key === '[' ? -1 : 1) }, { keys: ['n'], text: 'random head', act: () => directions?.random() },
    { keys: ['0'], text: 'all directions as fitted', act: () => { if (viewer.head?.model) store.set({ latent: viewer.fittedLatent() }); } }, { keys: ['g'], text: 'GLB file', act: () => void viewer.export() },
    { keys: ['h'], text: 'panel', act: fold },
  ]);
  const press = (id: string, act: () => void): void => byId(id).addEventListener('click', act);
  press('wireframe', flip('wireframe'));
  press('light', flip('lit'));
  press('reset', () => viewer.resetView());
  press('previous', () => viewer.step(-1));
  press('next', () => viewer.step(1));
  press('export', () => void viewer.export());
  press('fold', fold);
  for (const event of ['pointerdown', 'wheel', 'keydown'] as const) viewer.canvas.addEventListener(event, () => byId('hint').classList.add('known'), { once: true, passive: true });
  viewer.canvas.addEventListener('dblclick', () => viewer.resetView());
}

function follow(viewer: Viewer, url: string): void {
  const pane = createRunPane();
  followEvents(url, {
    metrics: ({ rows }) => pane.addRows(rows),
    fit: (event) => {
      pane.showFit(event);
      viewer.showFit(event);
    },
    model: async () => {
      if (!data.model) return;
      const isFirst = !viewer.head;
      await loadModel(viewer);
      if (isFirst) await viewer.showFace(0);
      fillPanel(viewer);
    },
    end: () => pane.note('The run has ended.'),
    connection: (isThere) => {
      if (isThere) pane.clear(); // all comes again
      else pane.note('The connection is lost; trying again \u2026');
    },
  });
}

function showStatus({ head, stage }: Viewer): void {
  if (!head) return;
  const count = `${head.vertexCount.toLocaleString('en')} vertices`;
  const slow = engine?.backend === 'cpu' ? `The wasm backend did not start (${engine.reason}): decoding slowly, on cpu. ` : '';
  byId('status').textContent = head.model ? `${slow}${count} decoded in ${stage.decodeTime.toFixed(0)} ms on ${engine!.backend}` : count;
}

function handle(viewer: Viewer): ViewerHandle {
  const { stage, store } = viewer;
  return {
    renderCrop: (what = 'mesh') => Array.from(stage.snapshot(what)),
    get pose() { return store.get().pose; },
    get state() { return { ...store.get(), latent: store.get().latent && Array.from(store.get().latent!) }; },
    get backend() { return engine?.backend ?? 'none'; },
    decode: (latent) => {
      const { vertices, colors } = decodeMesh(viewer.head!.model!, latent);
      return { vertices: Array.from(vertices), colors: Array.from(colors) };
    },
    vertices: () => Array.from(stage.mesh.vertices),
    decodeTimes: (count, withDrawing) => {
      const before = store.get().latent!, times = Array.from({ length: count }, (_, i) => {
        const latent = before.map((x, k) => (k === 0 ? 2 * Math.sin(i) : x)), began = performance.now();
        if (withDrawing) {
          store.set({ latent });
          stage.draw();
        } else decodeMesh(viewer.head!.model!, latent);
        return performance.now() - began;
      });
      store.set({ latent: before });
      return times;
    },
    names: () => [...(directions?.names() ?? [])],
  };
}

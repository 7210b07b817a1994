import * as THREE from 'three';
import type { View } from '../view-matrix.ts';
import type { ViewerData } from '../viewer-data.ts';
import { type Display, FaceScene } from './face-scene.ts';
import { attachNavigation, FITTED, type Pose } from './navigation.ts';

/** What a script beside the page, such as its test, may ask of it. */
interface ViewerHandle {
  /** The crop as `render.png` shows it: `[size * size * 4]`. */
  renderCrop(): number[];
  readonly pose: Pose;
}

declare global {
  interface Window {
    retinamesh?: ViewerHandle;
  }
}

/** Free space about the crop in the first view, as a share of its edge. */
const MARGIN = 0.3, MAX_PIXEL_RATIO = 3, GLIDE_MS = 320;

const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

const data = JSON.parse(byId('data').textContent!) as ViewerData;
const canvas = byId<HTMLCanvasElement>('canvas');
start().catch((error: Error) => {
  byId('failure').textContent = `This page could not draw: ${error.message}`;
  byId('failure').hidden = false;
});

async function start(): Promise<void> {
  document.title = `${data.title} - retinamesh`;
  fillFacts();
  const renderer = new THREE.WebGLRenderer({ canvas, antialias: true, alpha: true });
  renderer.outputColorSpace = THREE.LinearSRGBColorSpace; // colours reach the canvas as the shaders write them
  renderer.sortObjects = true;
  const picture = new Image();
  picture.src = data.photo.url;
  await picture.decode();
  const scene = new FaceScene(renderer, data, picture);

  let pose = FITTED, drawn = false;
  const request = (): void => {
    if (drawn) requestAnimationFrame(draw);
    drawn = false;
  };
  const draw = (): void => {
    drawn = true;
    const ratio = Math.min(window.devicePixelRatio, MAX_PIXEL_RATIO), width = Math.max(1, canvas.clientWidth), height = Math.max(1, canvas.clientHeight);
    renderer.setPixelRatio(ratio);
    renderer.setSize(width, height, false);
    scene.draw(viewOf(pose, width, height), pose, readDisplay());
  };
  const show = (next: Pose): void => {
    pose = next;
    request();
  };
  attachNavigation(canvas, () => pose, show);
  attachControls(request, (target) => glide(() => pose, target, show));
  new ResizeObserver(request).observe(canvas);
  canvas.addEventListener('webglcontextrestored', request);
  draw();
  window.retinamesh = {
    renderCrop: () => Array.from(scene.snapshot({ width: data.crop.size, height: data.crop.size, photoToView: invert(data.crop.toPhoto) })),
    get pose() { return pose; },
  };
}

// The crop fills the canvas but for a margin, then zoom and movement.
function viewOf({ zoom, x, y }: Pose, width: number, height: number): View {
  const { fit, middle } = framing(width, height), scale = fit * zoom;
  return { width, height, photoToView: [[scale, 0, width / 2 + zoom * x - scale * middle[0]], [0, scale, height / 2 + zoom * y - scale * middle[1]]] };
}

function framing(width: number, height: number): { fit: number; middle: readonly [number, number] } {
  const [[a, b, c], [d, e, f]] = data.crop.toPhoto as [[number, number, number], [number, number, number]], half = data.crop.size / 2;
  const edge = Math.hypot(a, d) * data.crop.size * (1 + MARGIN);
  return { fit: Math.min(width, height) / edge, middle: [a * half + b * half + c, d * half + e * half + f] };
}

/** The whole photograph, as large as the canvas takes it. */
function wholePhoto(): Pose {
  const width = canvas.clientWidth, height = canvas.clientHeight, { fit, middle } = framing(width, height), { photo } = data;
  const scale = Math.min(width / photo.width, height / photo.height), zoom = scale / fit;
  return { ...FITTED, zoom, x: fit * (middle[0] - photo.width / 2), y: fit * (middle[1] - photo.height / 2) };
}

function invert(matrix: ViewerData['crop']['toPhoto']): number[][] {
  const [[a, b, c], [d, e, f]] = matrix as [[number, number, number], [number, number, number]], det = a * e - b * d;
  return [[e / det, -b / det, (b * f - c * e) / det], [-d / det, a / det, (c * d - a * f) / det]];
}

const readDisplay = (): Display => ({
  photo: isPressed('photo'), wireframe: isPressed('wireframe'), light: isPressed('light'), faceOnly: isPressed('face'), opacity: byId<HTMLInputElement>('opacity').valueAsNumber / 100,
});

const isPressed = (id: string): boolean => byId(id).getAttribute('aria-pressed') === 'true';

function attachControls(request: () => void, goTo: (pose: Pose) => void): void {
  const toggle = (id: string): void => {
    byId(id).setAttribute('aria-pressed', String(!isPressed(id)));
    request();
  };
  for (const id of ['photo', 'wireframe', 'light', 'face']) byId(id).addEventListener('click', () => toggle(id));
  byId('opacity').addEventListener('input', request);
  const actions: Record<string, () => void> = {
    p: () => toggle('photo'), w: () => toggle('wireframe'), l: () => toggle('light'), m: () => toggle('face'), r: () => goTo(FITTED), f: () => goTo(wholePhoto()),
    h: () => document.body.classList.toggle('bare'),
  };
  byId('reset').addEventListener('click', actions.r!);
  byId('whole').addEventListener('click', actions.f!);
  canvas.addEventListener('dblclick', actions.r!);
  document.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) => {
    if (!ctrlKey && !metaKey && !altKey) actions[key.toLowerCase()]?.();
  });
}

function glide(read: () => Pose, target: Pose, show: (pose: Pose) => void): void {
  const from = read(), began = performance.now();
  let expected = from;
  const step = (now: number): void => {
    if (read() !== expected) return; // the visitor took over
    const share = Math.min(1, (now - began) / GLIDE_MS), eased = 1 - (1 - share) ** 3;
    expected = share >= 1 ? target : blend(from, target, eased);
    show(expected);
    if (share < 1) requestAnimationFrame(step);
  };
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) show(target);
  else requestAnimationFrame(step);
}

function blend(from: Pose, to: Pose, share: number): Pose {
  const mix = (a: number, b: number): number => a + (b - a) * share;
  return { yaw: mix(from.yaw, to.yaw), pitch: mix(from.pitch, to.pitch), zoom: from.zoom * (to.zoom / from.zoom) ** share, x: mix(from.x, to.x), y: mix(from.y, to.y) };
}

function fillFacts(): void {
  byId('facts').append(...data.facts.flatMap(({ label, value }) => {
    const term = document.createElement('dt'), text = document.createElement('dd');
    term.textContent = label;
    text.textContent = value;
    return [term, text];
  }));
}

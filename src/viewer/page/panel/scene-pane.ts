import { eyeDistance } from '../../move-eye.ts';
import type { LightKnobs } from '../../light-angles.ts';
import { normalizeProjection } from '../../view-matrix.ts';
import { byId, make } from '../dom.ts';
import type { Pose } from '../navigation.ts';
import type { Stage } from '../stage.ts';
import type { Store } from '../store.ts';
import { createSlider, type Slider } from './slider.ts';

/** What the pane of light and camera needs of the page. */
export interface ScenePaneContext {
  readonly store: Store;
  readonly stage: Stage;
  /** The light as it was fitted, or the page's own. */
  readonly fittedLight: () => LightKnobs;
  readonly resetView: () => void;
}

const degrees = (radians: number): string => `${Math.round((180 * radians) / Math.PI)}\u00b0`.replace('-', '\u2212');

/** Fills the pane: where the light stands, how strong and of which colour it is, and where the camera is. */
export function createScenePane({ store, stage, fittedLight, resetView }: ScenePaneContext): void {
  const shows: (() => void)[] = [];
  const add = (slider: Slider, read: () => number): HTMLElement => {
    shows.push(() => slider.show(read()));
    return slider.element;
  };
  const light = (label: string, key: 'azimuth' | 'elevation' | 'strength' | 'ambientStrength', min: number, max: number, format: (x: number) => string): HTMLElement =>
    add(createSlider({ label, min, max, step: 0.01, format, onInput: (value) => store.set({ light: { ...store.get().light, [key]: value } }) }), () => store.get().light[key]);
  const color = (label: string, key: 'color' | 'ambientColor'): HTMLElement => {
    const input = make('input', { type: 'color', 'aria-label': label, id: key });
    input.addEventListener('input', () => store.set({ light: { ...store.get().light, [key]: fromHex(input.value) } }));
    shows.push(() => { input.value = toHex(store.get().light[key]); });
    return make('label', { class: 'field' }, make('span', {}, label), input);
  };
  const pose = (label: string, key: 'yaw' | 'pitch' | 'zoom' | 'eye', min: number, max: number, format: (x: number) => string, isLog = false): HTMLElement => {
    const into = isLog ? Math.log : (x: number): number => x, outOf = isLog ? Math.exp : (x: number): number => x;
    const slider = createSlider({ label, min: into(min), max: into(max), step: 0.01, format: (x) => format(outOf(x)), onInput: (x) => store.set({ pose: { ...store.get().pose, [key]: outOf(x) } as Pose }) });
    return add(slider, () => into(store.get().pose[key]));
  };
  const distance = (): number => eyeDistance(normalizeProjection(stage.frame.projection, stage.pivot), stage.pivot);
  const reset = (id: string, act: () => void, title: string): HTMLButtonElement => {
    const button = make('button', { type: 'button', id, class: 'quiet', title }, 'Reset');
    button.addEventListener('click', act);
    return button;
  };
  byId('tab-scene').replaceChildren(
    make('div', { class: 'heading' }, make('h2', {}, 'Light'), reset('reset-light', () => store.set({ light: fittedLight(), lit: true }), 'The light as it was fitted')),
    light('Around', 'azimuth', -Math.PI, Math.PI, degrees), light('Above', 'elevation', -Math.PI / 2, Math.PI / 2, degrees), light('Strength', 'strength', 0, 2, (x) => x.toFixed(2)), color('Colour', 'color'),
    light('Ambient', 'ambientStrength', 0, 2, (x) => x.toFixed(2)), color('Ambient colour', 'ambientColor'),
    make('div', { class: 'heading' }, make('h2', {}, 'Camera'), reset('reset-camera', resetView, 'The first view')),
    pose('Yaw', 'yaw', -Math.PI, Math.PI, degrees), pose('Pitch', 'pitch', -1.4, 1.4, degrees), pose('Zoom', 'zoom', 0.2, 8, (x) => `${x.toFixed(2)}\u00d7`, true),
    pose('Distance', 'eye', 0.25, 5, (x) => `${Math.round(distance() * x)} mm`, true),
    make('p', { class: 'note' }, 'Distance changes the perspective; the head keeps its size.'),
  );
  store.listen((_, changed) => { if (changed.has('light') || changed.has('pose') || changed.has('face')) for (const show of shows) show(); });
}

const toHex = (color: readonly number[]): string => `#${color.map((x) => Math.round(255 * Math.min(1, Math.max(0, x))).toString(16).padStart(2, '0')).join('')}`;

const fromHex = (hex: string): number[] => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255);

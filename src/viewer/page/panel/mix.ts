import { mixLatents, randomLatent } from '../../mix-latents.ts';
import type { ViewData } from '../../view-data.ts';
import { make } from '../dom.ts';
import { faceLabel } from '../face-label.ts';
import type { Store } from '../store.ts';
import { createSlider } from './slider.ts';

/** What the part for mixing needs of the page. */
export interface MixContext {
  readonly store: Store;
  readonly data: ViewData;
  readonly size: number;
}

/** Seeds of the two random heads that can be mixed; others than those that the button draws first. */
const SEEDS = [101, 102] as const, SWING_MS = 2600;

/** A slider from one head to another, decoded as it moves: faces of the page, the mean head, random ones, the head as it is now. */
export function createMix({ store, data, size }: MixContext): HTMLElement {
  const heads: { label: string; latent: () => Float32Array }[] = [
    ...data.faces.flatMap(({ title, scene }) => (scene ? [{ label: faceLabel(title, data.title), latent: () => Float32Array.from(scene.latent) }] : [])),
    { label: 'Mean head', latent: () => new Float32Array(size) },
    ...SEEDS.map((seed, i) => ({ label: `Random head ${'AB'[i]}`, latent: () => randomLatent(seed, size) })),
  ];
  const choose = (label: string, first: number): HTMLSelectElement => {
    const element = make('select', { 'aria-label': label }, ...heads.map((head, i) => make('option', { value: i }, head.label)), make('option', { value: 'now' }, 'As it is now'));
    element.value = String(first);
    return element;
  };
  const fitted = data.faces.length, from = choose('Mix from', 0), to = choose('Mix to', fitted > 1 ? 1 : fitted === 1 ? 1 : 2), kept = new Map<HTMLSelectElement, Float32Array>();
  const latentOf = (element: HTMLSelectElement): Float32Array => (element.value === 'now' ? kept.get(element)! : heads[Number(element.value)]!.latent());
  let share = 0, swing = 0;
  const apply = (value: number): void => {
    share = value;
    store.set({ latent: mixLatents(latentOf(from), latentOf(to), value) });
  };
  const stop = (): void => {
    cancelAnimationFrame(swing);
    swing = 0;
    play.setAttribute('aria-pressed', 'false');
  };
  const slider = createSlider({ label: 'Mix', min: 0, max: 1, step: 0.01, format: (x) => `${Math.round(100 * x)} %`, onInput: (value) => { stop(); apply(value); } });
  slider.input.id = 'mix';
  const play = make('button', { type: 'button', id: 'swing', 'aria-pressed': 'false', title: 'From one to the other and back, until stopped' }, 'Play');
  play.addEventListener('click', () => {
    if (swing) return stop();
    play.setAttribute('aria-pressed', 'true');
    const began = performance.now() - (Math.acos(1 - 2 * share) / Math.PI) * SWING_MS;
    const step = (now: number): void => {
      swing = requestAnimationFrame(step);
      apply((1 - Math.cos((Math.PI * (now - began)) / SWING_MS)) / 2);
      slider.show(share);
    };
    swing = requestAnimationFrame(step);
  });
  for (const element of [from, to]) {
    element.addEventListener('change', () => {
      if (element.value === 'now') kept.set(element, store.get().latent ?? new Float32Array(size));
    });
  }
  slider.show(0);
  return make('details', { class: 'mix' }, make('summary', {}, 'Mix two heads'), make('div', { class: 'row ends' }, from, make('span', { 'aria-hidden': 'true' }, '\u2192'), to), make('div', { class: 'row' }, slider.element, play));
}

import type { LatentDescription } from '../../latent-names.ts';
import { latentNamerSteps } from '../../latent-names.ts';
import { latentNorm, randomLatent } from '../../mix-latents.ts';
import { byId, make } from '../dom.ts';
import type { Head } from '../engine/head.ts';
import type { IdleQueue } from '../idle-queue.ts';
import type { Thumbnails } from '../scene/thumbnails.ts';
import type { Store } from '../store.ts';
import { createDirectionRow, type DirectionRow } from './direction-row.ts';

/** Directions that are shown at first, and how many more at a time. */
const FIRST = 12, MORE = 24, THUMBNAIL_REACH = 2;

/** What the pane of directions needs of the page. */
export interface DirectionsContext {
  readonly store: Store;
  readonly head: Head;
  readonly thumbnails: Thumbnails;
  readonly idle: IdleQueue;
  /** The latent that the present face was fitted with; zeros without one. */
  readonly fitted: () => Float32Array;
}

/** The pane of latent directions. */
export interface Directions {
  /** Names so far, by direction. */
  readonly names: () => readonly (LatentDescription | undefined)[];
  /** Draws a random head of the next seed. */
  readonly random: () => void;
  readonly seed: () => number;
}

/** Fills the pane: a slider for each leading direction, named and pictured as soon as there is time, and what acts on all of them. */
export function createDirections({ store, head, thumbnails, idle, fitted }: DirectionsContext): Directions {
  const { latentSize: size } = head, rows: DirectionRow[] = [], names: (LatentDescription | undefined)[] = [], list = make('ol', { class: 'directions' });
  let seed = 0;
  const current = (): Float32Array => store.get().latent ?? new Float32Array(size);
  const write = (index: number, value: number): void => store.set({ latent: current().map((x, i) => (i === index ? value : x)) });
  const norm = make('output', { id: 'norm', title: `Length of the latent; random heads have about ${Math.sqrt(size).toFixed(1)}` });
  const random = (): void => {
    seed++;
    store.set({ latent: randomLatent(seed, size) });
    dice.title = `A random head (N); this is seed ${seed}`;
  };
  const button = (id: string, label: string, title: string, act: () => void): HTMLButtonElement => {
    const element = make('button', { type: 'button', id, title }, label);
    element.addEventListener('click', act);
    return element;
  };
  const dice = button('random', 'Random', 'A random head, the same for the same seed (N)', random);
  const more = button('more', 'More', 'More directions', () => addRows(Math.min(MORE, size - rows.length)));
  byId('tab-directions').replaceChildren(
    make('div', { class: 'row' }, dice, button('reset-fitted', 'Reset all', 'All directions as they were fitted, or the mean head (0)', () => store.set({ latent: fitted() })),
      button('mean', 'Mean', 'All directions at zero', () => store.set({ latent: new Float32Array(size) })), norm),
    list, more);

  const steps = latentNamerSteps(head.model!.decoder, head.model!.topology);
  let describe: ((index: number) => LatentDescription) | null = null;
  const prepare = (): void => {
    const { done, value } = steps.next();
    if (!done) {
      idle.add(prepare);
      return;
    }
    describe = value.describe;
    for (const row of rows) idle.add(() => nameRow(row));
  };
  const nameRow = (row: DirectionRow): void => row.setName(names[row.index] = describe!(row.index));
  const addRows = (count: number): void => {
    const added = Array.from({ length: count }, (_, i) => createDirectionRow(rows.length + i, head.explained[rows.length + i], { read: (index) => current()[index]!, write, home: (index) => fitted()[index]! }));
    rows.push(...added);
    for (const row of added) row.show(current()[row.index]!);
    list.append(...added.map(({ element }) => element));
    for (const row of added) {
      row.pictures.forEach((canvas, end) => idle.add(() => thumbnails.paint(canvas, Float32Array.from({ length: size }, (_, i) => (i === row.index ? (end === 0 ? -1 : 1) * THUMBNAIL_REACH : 0)))));
    }
    if (describe) for (const row of added) idle.add(() => nameRow(row));
    more.hidden = rows.length >= size;
    more.textContent = `More directions (${rows.length} of ${size})`;
  };
  addRows(Math.min(FIRST, size));
  idle.add(prepare);
  store.listen(({ latent }, changed) => {
    if (!changed.has('latent') || !latent) return;
    norm.textContent = `|z| ${latentNorm(latent).toFixed(2)}`;
    for (const row of rows) row.show(latent[row.index]!);
  });
  return { names: () => names, random, seed: () => seed };
}

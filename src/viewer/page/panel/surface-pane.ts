import { byId, make } from '../dom.ts';
import type { HierarchyLevel } from '../../level-faces.ts';
import type { Surface } from '../scene/shading.ts';
import type { Store, ViewState } from '../store.ts';
import { createSlider } from './slider.ts';

/** What the pane of the surface needs of the page. */
export interface SurfacePaneContext {
  readonly store: Store;
  readonly levels: readonly HierarchyLevel[];
  readonly hasModel: boolean;
  readonly hasPhoto: boolean;
}

const CHOICES: readonly { surface: Surface; label: string; title: string; needs?: 'photo' | 'model' }[] = [
  { surface: 'colour', label: 'Colour', title: 'Albedo, lit or not' },
  { surface: 'clay', label: 'Clay', title: 'One grey: the shape alone' },
  { surface: 'normals', label: 'Normals', title: 'x, y, z of the normal as red, green, blue' },
  { surface: 'mask', label: 'Face mask', title: 'How much a vertex counts as face' },
  { surface: 'error', label: 'Photo error', title: 'How far the render lies from the photograph, at each place of the surface; grey where the photograph does not see it', needs: 'photo' },
  { surface: 'movement', label: 'Distance from mean', title: 'How far each vertex lies from the mean head', needs: 'model' },
];

/** Fills the pane: what colours the surface, edges, level of the hierarchy, opacity over the photograph. */
export function createSurfacePane({ store, levels, hasModel, hasPhoto }: SurfacePaneContext): void {
  const choices = CHOICES.filter(({ needs }) => !needs || (needs === 'photo' ? hasPhoto : hasModel)).map(({ surface, label, title }) => {
    const input = make('input', { type: 'radio', name: 'surface', value: surface, id: `surface-${surface}` });
    input.addEventListener('change', () => store.set({ surface }));
    return { surface, input, element: make('label', { class: 'choice', title }, input, make('span', {}, label)) };
  });
  const toggle = (key: 'wireframe' | 'lit' | 'faceOnly' | 'heat', id: string, label: string, title: string): { key: typeof key; input: HTMLInputElement; element: HTMLElement } => {
    const input = make('input', { type: 'checkbox', id });
    input.addEventListener('change', () => store.set({ [key]: input.checked }));
    return { key, input, element: make('label', { class: 'choice', title }, input, make('span', {}, label)) };
  };
  const toggles = [toggle('wireframe', 'edges', 'Edges', 'Edges of the mesh (W)'), toggle('lit', 'lit', 'Light', 'Light; without it the bare albedo (L)'), toggle('faceOnly', 'face', 'Only the face', 'Without skull, ears and neck (M)'), ...(hasPhoto ? [toggle('heat', 'heat', 'Heat map', 'Otherwise channel by channel (X)')] : [])];
  const level = make('select', { id: 'level', 'aria-label': 'Level of the hierarchy' }, ...levels.map(({ vertexCount, faces }, i) =>
    make('option', { value: i }, `${i}: ${vertexCount.toLocaleString('en')} vertices, ${(faces.length / 3).toLocaleString('en')} faces`)));
  level.addEventListener('change', () => {
    const next = Number(level.value);
    store.set({ level: next, ...(next > 0 && { wireframe: true }) }); // what a level changes shows in its edges
  });
  const opacity = createSlider({ label: 'Opacity', min: 0, max: 100, step: 1, format: (x) => `${x} %`, onInput: (x) => store.set({ opacity: x / 100 }) });
  opacity.input.id = 'opacity';
  byId('tab-surface').replaceChildren(
    make('fieldset', {}, make('legend', {}, 'Surface shows'), ...choices.map(({ element }) => element)), make('div', { class: 'checks' }, ...toggles.map(({ element }) => element)),
    ...(levels.length > 1 ? [make('label', { class: 'field wide' }, make('span', {}, 'Level'), level)] : []), ...(hasPhoto ? [opacity.element] : []),
  );
  const show = (state: ViewState): void => {
    for (const { surface, input } of choices) input.checked = surface === state.surface;
    for (const { key, input } of toggles) input.checked = state[key];
    level.value = String(state.level);
    opacity.show(Math.round(100 * state.opacity));
  };
  store.listen(show);
}

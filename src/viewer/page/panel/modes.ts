import { byId, make } from '../dom.ts';
import type { Mode, Store } from '../store.ts';

const MODES: readonly { mode: Mode; label: string; key: string; title: string }[] = [
  { mode: 'overlay', label: 'Overlay', key: '1', title: 'The mesh over the photograph' }, { mode: 'photo', label: 'Photo', key: '2', title: 'The photograph alone' },
  { mode: 'render', label: 'Render', key: '3', title: 'The mesh alone' }, { mode: 'difference', label: 'Difference', key: '4', title: 'How far the render lies from the photograph' },
];

/** The keys that choose a mode. */
export const MODE_KEYS: Readonly<Record<string, Mode>> = Object.fromEntries(MODES.map(({ mode, key }) => [key, mode]));

/** The choice between photograph, render and difference; hidden where there is no photograph. */
export function createModes(store: Store, hasPhoto: () => boolean): void {
  const buttons = MODES.map(({ mode, label, key, title }) => {
    const button = make('button', { type: 'button', role: 'radio', id: `mode-${mode}`, 'aria-keyshortcuts': key, title: `${title} (${key})` }, label);
    button.addEventListener('click', () => store.set({ mode }));
    return { mode, button };
  });
  const group = byId('modes');
  group.replaceChildren(...buttons.map(({ button }) => button));
  group.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], at = buttons.findIndex(({ mode }) => mode === store.get().mode);
    if (!step) return;
    event.preventDefault();
    const next = buttons[(at + step + buttons.length) % buttons.length]!;
    store.set({ mode: next.mode });
    next.button.focus();
  });
  store.listen(({ mode }) => {
    group.hidden = !hasPhoto();
    for (const { mode: own, button } of buttons) {
      button.setAttribute('aria-checked', String(own === mode));
      button.tabIndex = own === mode ? 0 : -1;
    }
  });
}

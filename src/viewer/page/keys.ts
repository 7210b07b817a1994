import { byId, make } from './dom.ts';

/** What a key does, beside what the canvas does with arrows, plus and minus. */
export interface KeyAction {
  readonly keys: readonly string[];
  /** In the list of keys. */
  readonly text: string;
  readonly act: (key: string) => void;
}

const GESTURES: readonly (readonly [string, string])[] = [
  ['Drag, arrow keys', 'turn (in the difference: move)'], ['Shift-drag, two fingers, Shift with arrow keys', 'move'], ['Scroll, pinch, + and \u2212', 'zoom'], ['Double-click', 'first view'],
];

/** Listens to keys anywhere on the page but in fields that take text, and fills the list of them, which `?` opens. */
export function attachKeys(actions: readonly KeyAction[]): void {
  const dialog = byId<HTMLDialogElement>('help'), help: KeyAction = { keys: ['?'], text: 'this list', act: () => (dialog.open ? dialog.close() : dialog.showModal()) };
  const all = [...actions, help];
  byId('keys').replaceChildren(...[...GESTURES, ...all.map(({ keys, text }): [string, string] => [keys.map((key) => key.toUpperCase()).join(' '), text])]
    .flatMap(([key, text]) => [make('dt', {}, key), make('dd', {}, text)]));
  byId('help-close').addEventListener('click', () => dialog.close());
  byId('help-button').addEventListener('click', () => help.act('?'));
  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event, isField = target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === 'text');
    if (ctrlKey || metaKey || altKey || isField) return;
    all.find(({ keys }) => keys.includes(key.toLowerCase()))?.act(key.toLowerCase());
  });
}

import type { LatentDescription } from '../../latent-names.ts';
import { make } from '../dom.ts';

/** Standard deviations that a slider reaches, and that the pictures beside it show. */
const REACH = 3, PICTURED = 2, PICTURE_PIXELS = 96;

/** One direction of the latent: its two pictures, name, slider, value and way back. */
export interface DirectionRow {
  readonly index: number;
  readonly element: HTMLLIElement;
  /** At -2 and +2 standard deviations. */
  readonly pictures: readonly [HTMLCanvasElement, HTMLCanvasElement];
  readonly show: (value: number) => void;
  readonly setName: (description: LatentDescription) => void;
}

export interface RowAccess {
  readonly read: (index: number) => number;
  readonly write: (index: number, value: number) => void;
  /** The value to go back to. */
  readonly home: (index: number) => number;
}

/** @param explained - Share of the variance of heads; `undefined`: not known. */
export function createDirectionRow(index: number, explained: number | undefined, { write, home }: RowAccess): DirectionRow {
  const label = `Direction ${index + 1}`, picture = (): HTMLCanvasElement => make('canvas', { width: PICTURE_PIXELS, height: PICTURE_PIXELS, 'aria-hidden': 'true' });
  const pictures = [picture(), picture()] as const, name = make('span', { class: 'name' }, label), value = make('output');
  const input = make('input', { type: 'range', min: -REACH, max: REACH, step: 0.05, 'aria-label': label, 'data-direction': index });
  const share = make('span', { class: 'share' }, `${index + 1}${explained === undefined ? '' : ` \u00b7 ${(100 * explained).toFixed(explained < 0.01 ? 2 : 1)} %`}`);
  const ends = pictures.map((canvas, end) => {
    const to = end === 0 ? -PICTURED : PICTURED, button = make('button', { type: 'button', class: 'end', 'aria-label': `${label} to ${to}`, title: `${to < 0 ? '\u2212' : '+'}${PICTURED} standard deviations` }, canvas);
    button.addEventListener('click', () => write(index, to));
    return button;
  });
  const back = make('button', { type: 'button', class: 'quiet back', 'aria-label': `Reset direction ${index + 1}`, title: 'Reset' }, '\u21ba');
  back.addEventListener('click', () => write(index, home(index)));
  input.addEventListener('input', () => write(index, input.valueAsNumber));
  const element = make('li', {}, ends[0]!, make('div', { class: 'direction' }, make('div', { class: 'line' }, name, share), make('div', { class: 'line' }, input, value, back)), ends[1]!);
  return {
    index, element, pictures,
    show: (x) => {
      if (Math.abs(input.valueAsNumber - x) > 0.026) input.value = String(x); // a value beyond the slider's reach leaves it at its end
      value.textContent = `${x < 0 ? '\u2212' : '+'}${Math.abs(x).toFixed(2)}`;
      back.disabled = Math.abs(x - home(index)) < 1e-6;
    },
    setName: ({ kind, name: text, movement, coloring, effects }) => {
      name.textContent = text;
      element.dataset.kind = kind;
      input.setAttribute('aria-label', `${label}, ${text}`);
      name.title = `From \u2212${PICTURED} to +${PICTURED}: face vertices move ${movement.toFixed(1)} mm, colours change by ${coloring.toFixed(3)} (root mean square). ${effects
        .map(({ text: words, change, unit, share: part }) => `${words}: ${Math.abs(change).toFixed(unit === 'mm' ? 1 : 3)} ${unit === 'mm' ? 'mm' : unit}, ${(100 * part).toFixed(0)} % of its variance`).join('; ')}.`;
    },
  };
}

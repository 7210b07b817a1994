import { make } from '../dom.ts';

export interface SliderOptions {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly format: (value: number) => string;
  readonly onInput: (value: number) => void;
}

/** A labelled slider with its value beside it. */
export interface Slider {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** Shows another value; says nothing to `onInput`. */
  readonly show: (value: number) => void;
}

export function createSlider({ label, min, max, step, format, onInput }: SliderOptions): Slider {
  const input = make('input', { type: 'range', min, max, step, 'aria-label': label }), output = make('output');
  const write = (value: number): void => {
    output.textContent = format(value);
    input.setAttribute('aria-valuetext', format(value));
  };
  input.addEventListener('input', () => {
    write(input.valueAsNumber);
    onInput(input.valueAsNumber);
  });
  return {
    element: make('label', { class: 'field' }, make('span', {}, label), input, output), input,
    show: (value) => {
      // While it is dragged its own value is the newest.
      if (Math.abs(input.valueAsNumber - value) > step / 2) input.valueAsNumber = value;
      write(value);
    },
  };
}

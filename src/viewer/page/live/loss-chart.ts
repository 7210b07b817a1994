import { type Curve, type CurveAxes, curveAxes } from '../../loss-curves.ts';
import { make, makeSvg } from '../dom.ts';

const WIDTH = 336, HEIGHT = 210, LEFT = 46, RIGHT = 8, TOP = 8, BOTTOM = 34, COLORS = 8;

/** A picture of curves: logarithmic values upwards, steps to the right, labelled; its legend shows and hides curves. */
export interface LossChart {
  readonly element: HTMLElement;
  readonly show: (curves: readonly Curve[]) => void;
}

export function createLossChart(): LossChart {
  const picture = makeSvg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'chart', role: 'img', 'aria-label': 'Loss curves' }), legend = make('ul', { class: 'curves' });
  const hidden = new Set<string>();
  let all: readonly Curve[] = [];
  const element = make('div', {}, picture, legend);
  const draw = (): void => {
    element.hidden = all.length === 0;
    const shown = all.filter(({ name }) => !hidden.has(name)), axes = curveAxes(shown);
    picture.replaceChildren(...(axes ? [...grid(axes), ...shown.map((curve) => line(curve, axes, all.indexOf(curve) % COLORS))] : []));
    picture.setAttribute('aria-label', `Loss curves: ${shown.map(({ name, points }) => `${name} now ${format(points.at(-1)!.value)}`).join(', ') || 'none yet'}`);
    legend.replaceChildren(...all.map(({ name, points }, i) => {
      const button = make('button', { type: 'button', 'aria-pressed': String(!hidden.has(name)), class: `curve c${i % COLORS}`, title: 'Show or hide' }, make('span', {}, name), make('output', {}, format(points.at(-1)!.value)));
      button.addEventListener('click', () => {
        if (!hidden.delete(name)) hidden.add(name);
        draw();
      });
      return make('li', {}, button);
    }));
  };
  draw();
  return { element, show: (curves) => { all = curves; draw(); } };
}

const placeX = (step: number, { steps: [low, high] }: CurveAxes): number => LEFT + ((step - low) / (high - low)) * (WIDTH - LEFT - RIGHT);

const placeY = (value: number, { values: [low, high] }: CurveAxes): number => TOP + (1 - Math.log(value / low) / Math.log(high / low)) * (HEIGHT - TOP - BOTTOM);

function grid(axes: CurveAxes): SVGElement[] {
  const bottom = HEIGHT - BOTTOM, text = (x: number, y: number, anchor: string, content: string): SVGElement => makeSvg('text', { x, y, 'text-anchor': anchor }, content);
  return [
    ...axes.valueTicks.flatMap((value) => {
      const y = placeY(value, axes);
      return [makeSvg('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y }), text(LEFT - 6, y + 3.5, 'end', format(value))];
    }),
    ...axes.stepTicks.flatMap((step) => {
      const x = placeX(step, axes);
      return [makeSvg('line', { x1: x, x2: x, y1: bottom, y2: bottom + 4 }), text(Math.min(WIDTH - RIGHT - 8, x), bottom + 15, 'middle', step.toLocaleString('en'))];
    }),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, 'middle', 'step'),
    makeSvg('text', { x: 0, y: 0, 'text-anchor': 'middle', transform: `translate(9 ${(TOP + bottom) / 2}) rotate(-90)` }, 'value, log scale'),
  ];
}

const line = ({ points }: Curve, axes: CurveAxes, color: number): SVGElement =>
  makeSvg('polyline', { class: `c${color}`, points: thin(points).map(({ step, value }) => `${placeX(step, axes).toFixed(1)},${placeY(value, axes).toFixed(1)}`).join(' ') });

/** At most some 700 points of a curve: more than the picture has columns. */
const thin = (points: Curve['points']): Curve['points'] => {
  const every = Math.ceil(points.length / 700);
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
};

const format = (value: number): string => (value >= 1e-3 && value < 1e4 ? String(Number(value.toPrecision(3))) : value.toExponential(1));

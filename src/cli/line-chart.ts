import { escapeXml } from './escape-xml.ts';

/** A curve of a chart. */
export interface ChartSeries {
  /** For the legend. */
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** One axis: its label, its ends and the distance of its ticks. */
export interface ChartAxis {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Everything on a chart. */
export interface LineChart {
  readonly title: string;
  /** A smaller line below it, cut after 110 letters. */
  readonly subtitle?: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly ChartSeries[];
  /** The lower corner that the legend stands in: left unless given. */
  readonly legendAt?: 'left' | 'right';
}

/** Blue, orange, green and purple that colour-blind people can tell apart (Okabe and Ito). */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'], DASHES = ['', '9 4', '2 4', '9 3 2 3'];

const WIDTH = 800, HEIGHT = 600, LEFT = 75, RIGHT = 775, TOP = 55, BOTTOM = 535;

/** Draws curves on two axes, with a legend in a lower corner, as an SVG of 800 x 600; what lies beyond the axes is cut off. */
export function lineChart({ title, subtitle = '', x, y, series, legendAt = 'left' }: LineChart): string {
  const px = (value: number): string => (LEFT + ((value - x.min) / (x.max - x.min)) * (RIGHT - LEFT)).toFixed(2);
  const py = (value: number): string => (BOTTOM - ((value - y.min) / (y.max - y.min)) * (BOTTOM - TOP)).toFixed(2);
  const text = (content: string, at: string, size = 15): string => `<text ${at} font-size="${size}">${escapeXml(content)}</text>`;
  const grid = [
    ...ticks(x).flatMap((value) => [`<path d="M${px(value)} ${TOP}V${BOTTOM}" class="grid"/>`, text(label(value, x.step), `x="${px(value)}" y="${BOTTOM + 22}" text-anchor="middle"`)]),
    ...ticks(y).flatMap((value) => [`<path d="M${LEFT} ${py(value)}H${RIGHT}" class="grid"/>`, text(label(value, y.step), `x="${LEFT - 8}" y="${Number(py(value)) + 5}" text-anchor="end"`)]),
  ];
  const curves = series.map(({ points }, i) => `<path d="${points.map((p, k) => `${k ? 'L' : 'M'}${px(p[0])} ${py(p[1])}`).join('')}" ${stroke(i)} clip-path="url(#plot)"/>`);
  const legendTop = BOTTOM - 14 - 26 * series.length, legendWidth = 126 + 8.2 * Math.max(0, ...series.map(({ name }) => name.length)), legendLeft = legendAt === 'left' ? LEFT + 12 : RIGHT - 12 - legendWidth;
  const legend = series.map(({ name }, i) => `<path d="M${legendLeft + 12} ${legendTop + 26 * i + 13}h44" ${stroke(i)}/>${text(name, `x="${legendLeft + 66}" y="${legendTop + 26 * i + 18}"`)}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif">`,
    `<style>.grid{stroke:#ddd;fill:none}</style><clipPath id="plot"><rect x="${LEFT}" y="${TOP}" width="${RIGHT - LEFT}" height="${BOTTOM - TOP}"/></clipPath>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`, ...grid,
    `<rect x="${LEFT}" y="${TOP}" width="${RIGHT - LEFT}" height="${BOTTOM - TOP}" fill="none" stroke="#333"/>`,
    text(title, `x="${WIDTH / 2}" y="24" text-anchor="middle"`, 17), text(subtitle.length > 110 ? `${subtitle.slice(0, 109)}…` : subtitle, `x="${WIDTH / 2}" y="44" text-anchor="middle"`, 12), text(x.label, `x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 50}" text-anchor="middle"`),
    text(y.label, `transform="translate(22 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle"`),
    ...curves, `<rect x="${legendLeft}" y="${legendTop - 4}" width="${legendWidth}" height="${26 * series.length + 6}" fill="#fff" fill-opacity="0.85"/>`, ...legend, '</svg>', '',
  ].join('\n');
}

const stroke = (i: number): string => `fill="none" stroke="${COLORS[i % COLORS.length]}" stroke-width="2.5" stroke-dasharray="${DASHES[i % DASHES.length]}"`;

const ticks = ({ min, max, step }: ChartAxis): number[] => Array.from({ length: Math.round((max - min) / step) + 1 }, (_, i) => min + i * step);

const label = (value: number, step: number): string => value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));

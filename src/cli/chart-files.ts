import { type LineChart, lineChart } from './line-chart.ts';

/** A chart as `name.svg` and `name.png`; the PNG's letters need a font on the machine, the SVG brings none. */
export async function chartFiles(name: string, chart: LineChart): Promise<Record<string, Uint8Array | string>> {
  const { decodeImage, encodePng } = await import('../io/node-image.ts'), svg = lineChart(chart);
  return { [`${name}.svg`]: svg, [`${name}.png`]: await encodePng(await decodeImage(new TextEncoder().encode(svg), `${name}.svg`)) };
}

import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { detectorAnchors } from '../detector/anchors.ts';
import { DETECTOR_PRESET_NAMES, type DetectorPreset, resolveDetectorConfig } from '../detector/config.ts';
import { detectorGraph } from '../detector/detector-graph.ts';
import { describeNetwork, type NodeDescription } from '../nn/describe-network.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, withCommand } from './context.ts';

interface DescribeOptions extends CommonOptions {
  readonly size: readonly [width: number, height: number];
  readonly dense: boolean;
}

/** Adds `retinamesh model describe`: layers, parameters and operations of a detector. */
export function addModelCommand(program: Command): void {
  const noun = program.command('model').description('the networks that find faces');
  addCommonOptions(noun.command('describe').description('print layers, parameters, operations and anchors of a detector')
    .addArgument(new Argument('[preset]', 'which network').choices(DETECTOR_PRESET_NAMES).default('mobilenet0.25'))
    .addOption(new Option('--size <width>x<height>', 'of the picture, in pixels').argParser(parseSize).default([640, 640], '640x640'))
    .option('--dense', 'with the head of the dense branch: 144 numbers an anchor', false))
    .action(withCommand(describeCommand));
}

function parseSize(text: string): [number, number] {
  const [, width, height] = (/^(\d{1,5})x(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (!width || !height) throw new InvalidArgumentError('Give width and height in pixels with an x between, e.g. 640x480.');
  return [width, height];
}

/** One level of the pyramid. */
interface LevelDescription {
  readonly stride: number;
  readonly anchorSizes: readonly number[];
  readonly anchors: number;
}

async function describeCommand(_context: CommandContext, { size: [width, height], dense }: DescribeOptions, preset: DetectorPreset): Promise<CommandResult> {
  const config = resolveDetectorConfig(preset, { dense }), layers = describeNetwork(detectorGraph(config).graph, height, width);
  const levels = config.levels.map((level): LevelDescription => ({ ...level, anchors: detectorAnchors({ ...config, levels: [level] }, height, width).length / 4 }));
  const total = totals(layers), stages = Object.fromEntries([...new Set(layers.map(({ stage }) => stage))].map((stage) => [stage, totals(layers.filter((layer) => layer.stage === stage))]));
  const anchors = levels.reduce((sum, level) => sum + level.anchors, 0), record = { preset, width, height, config, layers, stages, levels, anchors, ...total };
  return { record, text: formatDescription(record) };
}

interface Totals {
  readonly parameters: number;
  /** 10^9 multiplications and additions; two are a multiply-add. */
  readonly gflops: number;
}

const totals = (layers: readonly NodeDescription[]): Totals => ({
  parameters: layers.reduce((sum, { parameters }) => sum + parameters, 0), gflops: layers.reduce((sum, { flops }) => sum + flops, 0) / 1e9,
});

function formatDescription({ preset, width, height, layers, stages, levels, anchors, parameters, gflops }: Totals & {
  preset: DetectorPreset; width: number; height: number; layers: readonly NodeDescription[]; stages: Record<string, Totals>; levels: readonly LevelDescription[]; anchors: number;
}): string {
  const count = (n: number): string => n.toLocaleString('en-US'), giga = (n: number): string => n.toFixed(3);
  const rows = layers.map(({ name, op, shape, parameters: own, flops }) => [name, op, shape.join(' x '), own ? count(own) : '', flops ? giga(flops / 1e9) : '']);
  const sums = [...Object.entries(stages), ['all', { parameters, gflops }] as const].map(([stage, sum]) => [stage, '', '', count(sum.parameters), giga(sum.gflops)]);
  const pyramid = levels.map(({ stride, anchorSizes, anchors: own }) => `stride ${stride}: ${count(own)} anchors (${((100 * own) / anchors).toFixed(2)} %), edges ${anchorSizes.map((size) => Number(size.toFixed(2))).join(', ')}`);
  return [
    `${preset} at ${width} x ${height}`, formatColumns([['layer', 'kind', 'height x width x channels', 'parameters', 'GFLOP'], ...rows, ...sums]),
    ...pyramid, `${count(anchors)} anchors, ${count(parameters)} parameters, ${giga(gflops)} GFLOP (two to a multiply-add)`,
  ].join('\n');
}

// Words to the left, numbers to the right.
function formatColumns(table: readonly (readonly string[])[]): string {
  const widths = table[0]!.map((_, k) => Math.max(...table.map((row) => row[k]!.length)));
  return table.map((row) => row.map((cell, k) => (k < 2 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))).join('  ').trimEnd()).join('\n');
}

import { type Command, Option } from 'commander';
import { checkReferenceGradient, type GradientCheck } from '../kernels/vectors/check-reference.ts';
import { checkSilhouetteGradients, SILHOUETTE_BOUNDS, type SilhouetteCheck } from '../kernels/vectors/check-silhouettes.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, withCommand } from './context.ts';

interface GradcheckOptions extends CommonOptions {
  readonly edges: 'none' | 'antialias';
}

/** Scenes whose gradients are compared. */
const SEEDS = [0, 1, 2] as const;

/** Adds `retinamesh gradcheck`: the renderer's gradient on a backend against the float64 reference, and that against differences. */
export function addGradcheckCommand(program: Command): void {
  addCommonOptions(program.command('gradcheck').description('check the gradient of the render, number by number: backend against float64 reference, reference against differences')
    .addOption(new Option('--edges <how>', 'none: without visibility, against central differences of the same render; antialias: through visibility, against those of 16 x 16 samples a pixel').choices(['none', 'antialias']).default('none')))
    .action(withCommand(gradcheckCommand));
}

async function gradcheckCommand(context: CommandContext, { edges }: GradcheckOptions): Promise<CommandResult> {
  const backend = await context.useBackend(), { checkBackendGradients, GRADIENT_BOUNDS } = await import('../renderer/check-gradients.ts');
  const checks = checkBackendGradients(SEEDS, 'srgb', edges), over = checks.filter(({ maxRelativeError }) => !(maxRelativeError <= GRADIENT_BOUNDS.backend)).length;
  const { record, rows, failures } = edges === 'none' ? againstSame(checks, GRADIENT_BOUNDS) : againstSamples(checks, GRADIENT_BOUNDS.backend);
  const count = over + failures, head = `largest relative error of the gradient: ${backend} (float32) against the float64 reference, bound ${GRADIENT_BOUNDS.backend}`;
  return { record: { backend, edges, checks, ...record }, text: [`${head}; ${rows[0]}`, ...rows.slice(1), count === 0 ? 'all within the bounds' : `${count} outside the bounds`].join('\n'), failed: count > 0 };
}

/** What one of the comparisons adds to the report. */
interface Comparison {
  readonly record: Readonly<Record<string, unknown>>;
  /** The first ends the line at the top. */
  readonly rows: readonly string[];
  readonly failures: number;
}

function againstSame(checks: readonly GradientCheck[], bounds: { readonly backend: number; readonly reference: number }): Comparison {
  const reference = checkReferenceGradient(), width = widest(checks);
  const rows = checks.map(({ name, maxRelativeError }, i) => `${name.padEnd(width)}  ${maxRelativeError.toExponential(1)}  ${reference[i]!.maxRelativeError.toExponential(1)}`);
  return { record: { reference, bounds }, rows: [`reference against central differences, bound ${bounds.reference}`, ...rows], failures: reference.filter(({ maxRelativeError }) => !(maxRelativeError <= bounds.reference)).length };
}

function againstSamples(checks: readonly GradientCheck[], backend: number): Comparison {
  const silhouettes = checkSilhouetteGradients(), width = widest([...checks, ...silhouettes]), { relativeError: bound, cosine: least } = SILHOUETTE_BOUNDS;
  const good = ({ relativeError, cosine }: SilhouetteCheck): boolean => relativeError <= bound && cosine >= least;
  return {
    record: { silhouettes, bounds: { backend, silhouettes: SILHOUETTE_BOUNDS } }, failures: silhouettes.filter((check) => !good(check)).length,
    rows: [
      `then reference against central differences of 16 x 16 samples a pixel, bound ${bound}, and their cosine, at least ${least}`,
      ...checks.map(({ name, maxRelativeError }) => `${name.padEnd(width)}  ${maxRelativeError.toExponential(1)}`),
      ...silhouettes.map(({ name, relativeError, cosine }) => `${name.padEnd(width)}  ${relativeError.toFixed(3)}  ${cosine.toFixed(4)}`),
    ],
  };
}

const widest = (list: readonly { readonly name: string }[]): number => Math.max(...list.map(({ name }) => name.length));

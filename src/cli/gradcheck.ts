import type { Command } from 'commander';
import { checkReferenceGradient, type GradientCheck } from '../kernels/vectors/check-reference.ts';
import { addCommonOptions, type CommandResult, type CommonOptions, withCommand } from './context.ts';

/** Scenes whose gradients are compared. */
const SEEDS = [0, 1, 2] as const;

/** Adds `retinamesh gradcheck`: the renderer's gradient on a backend against the float64 reference, and that against central differences. */
export function addGradcheckCommand(program: Command): void {
  addCommonOptions(program.command('gradcheck').description('check the gradient of the render, number by number: backend against float64 reference, reference against central differences'))
    .action(withCommand(async ({ useBackend }: { useBackend(): Promise<string> }, _options: CommonOptions): Promise<CommandResult> => {
      const backend = await useBackend(), { checkBackendGradients, GRADIENT_BOUNDS: bounds } = await import('../renderer/check-gradients.ts');
      const checks = checkBackendGradients(SEEDS), reference = checkReferenceGradient();
      const over = (list: readonly GradientCheck[], bound: number): GradientCheck[] => list.filter(({ maxRelativeError }) => !(maxRelativeError <= bound));
      const failures = [...over(checks, bounds.backend), ...over(reference, bounds.reference)];
      return {
        record: { backend, checks, reference, bounds },
        text: formatChecks(backend, checks, reference, bounds, failures.length), failed: failures.length > 0,
      };
    }));
}

function formatChecks(backend: string, checks: readonly GradientCheck[], reference: readonly GradientCheck[], bounds: { backend: number; reference: number }, failures: number): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const rows = checks.map(({ name, maxRelativeError }, i) => `${name.padEnd(width)}  ${maxRelativeError.toExponential(1)}  ${reference[i]!.maxRelativeError.toExponential(1)}`);
  return [
    `largest relative error of the gradient: ${backend} (float32) against the float64 reference, bound ${bounds.backend}; reference against central differences, bound ${bounds.reference}`,
    ...rows, failures === 0 ? 'all within the bounds' : `${failures} above the bounds`,
  ].join('\n');
}

import type { Command } from 'commander';
import { BACKEND_NAMES, type Backend, useBackend } from './backends.ts';
import { addCommonOptions, type CommandResult, type CommonOptions, withCommand } from './context.ts';

/** What `doctor` found out about one backend. */
export interface BackendReport {
  readonly backend: Backend;
  readonly runs: boolean;
  /** Kernels of this library that the backend has, and those it lacks. */
  readonly kernels: readonly string[];
  readonly missing: readonly string[];
  /** Largest relative error of a small gradient check; `null` where it does not run. */
  readonly gradientError: number | null;
  readonly note?: string;
}

/** Adds `retinamesh doctor`: what runs on this machine. */
export function addDoctorCommand(program: Command): void {
  addCommonOptions(program.command('doctor').description('report Node, backends and their kernels, and check gradients for two seconds'))
    .action(withCommand(async (_context, { backend }: CommonOptions): Promise<CommandResult> => {
      for (const name of BACKEND_NAMES) await useBackend(name).catch(() => {}); // registers the kernels of all, so that lacks show
      const reports: BackendReport[] = [];
      for (const name of BACKEND_NAMES) if (backend === 'auto' || backend === name) reports.push(await examineBackend(name));
      const auto = await useBackend('auto'), record = { node: process.version, platform: `${process.platform}-${process.arch}`, backends: reports, auto };
      const healthy = reports.some((report) => report.runs) && reports.every((report) => !report.runs || isHealthy(report));
      return { record: { ...record, healthy }, text: formatReport(record, healthy), failed: !healthy };
    }));
}

/** The bound of a backend's gradients against the float64 reference, as of `gradcheck`. */
const GRADIENT_BOUND = 1e-3;

const isHealthy = ({ missing, gradientError }: BackendReport): boolean => missing.length === 0 && gradientError !== null && gradientError <= GRADIENT_BOUND;

async function examineBackend(backend: Backend): Promise<BackendReport> {
  try {
    await useBackend(backend);
  } catch (error) {
    return { backend, runs: false, kernels: [], missing: [], gradientError: null, note: (error as Error).message };
  }
  const { registeredKernels } = await import('../kernels/registry.ts'), { checkBackendGradients } = await import('../renderer/check-gradients.ts');
  const kernels = registeredKernels(backend), every = new Set(BACKEND_NAMES.flatMap((name) => registeredKernels(name)));
  return { backend, runs: true, kernels, missing: [...every].filter((name) => !kernels.includes(name)), gradientError: Math.max(...checkBackendGradients([0]).map(({ maxRelativeError }) => maxRelativeError)) };
}

function formatReport(record: { node: string; platform: string; backends: readonly BackendReport[]; auto: Backend }, healthy: boolean): string {
  const lines = record.backends.map((report) => {
    if (!report.runs) return `${report.backend}: does not run here: ${report.note}`;
    const lacks = report.missing.length > 0 ? `, lacks ${report.missing.join(', ')}` : '';
    const gradient = report.gradientError === null ? 'not checked' : `largest relative error ${report.gradientError.toExponential(1)} (bound ${GRADIENT_BOUND})`;
    return `${report.backend}: ${report.kernels.length} kernels (${report.kernels.join(', ')})${lacks}; gradients: ${gradient}`;
  });
  return [`Node ${record.node} on ${record.platform}`, ...lines, `auto is ${record.auto}`, healthy ? 'all well' : 'not well: see above'].join('\n');
}

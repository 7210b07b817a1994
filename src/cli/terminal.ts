import { formatProgress, type Progress, type ProgressListener } from '../core/progress.ts';
import { printable } from './printable.ts';

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Columns of a terminal that a person watches; `null` for a file or a pipe. */
  readonly columns: number | null;
}

/** The streams of this process. */
export const PROCESS_TERMINAL: Terminal = {
  out: (text) => { process.stdout.write(text); },
  err: (text) => { process.stderr.write(text); },
  get columns() { return process.stderr.isTTY ? process.stderr.columns || 80 : null; },
};

/** A progress display; `clear` takes its line away before something else is written. */
export interface ProgressDisplay {
  readonly show: ProgressListener;
  clear(): void;
}

/** Seconds between two reports: one line rewritten in place on a terminal, plain lines elsewhere. */
const INTERVAL = { interactive: 0.1, plain: 5 } as const;

/** Shows progress on `terminal`; the last report of a piece of work that took over two seconds is always shown. */
export function createProgressDisplay(terminal: Terminal): ProgressDisplay {
  let label = '', shown = 0, open = false;
  const due = ({ done, total, seconds }: Progress): boolean =>
    terminal.columns !== null
      ? done >= total || seconds - shown >= INTERVAL.interactive
      : (done >= total && seconds > 2) || seconds - shown >= INTERVAL.plain;
  const clear = (): void => {
    if (open) terminal.err('\r\x1b[K');
    open = false;
  };
  return {
    show(progress) {
      if (progress.label !== label || progress.seconds < shown) shown = 0;
      label = progress.label;
      if (!due(progress)) return;
      shown = progress.seconds;
      const line = printable(formatProgress(progress));
      if (terminal.columns === null) return terminal.err(`${line}\n`);
      terminal.err(`\r\x1b[K${line.slice(0, terminal.columns - 1)}`);
      open = true;
    },
    clear,
  };
}

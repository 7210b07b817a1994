/** Reported by every verb that may run longer than two seconds. */
export interface Progress {
  /** What is being done, e.g. `fit`. */
  readonly label: string;
  /** Steps finished, in [0, total]. */
  readonly done: number;
  readonly total: number;
  /** Seconds since the verb began. */
  readonly seconds: number;
  /** A few words or figures on the current state, e.g. `loss 0.041`. */
  readonly note?: string;
}

export type ProgressListener = (progress: Progress) => void;

/** One line for a terminal: label, share done, elapsed time and the time still to go, which is linear in what is left. */
export function formatProgress({ label, done, total, seconds, note }: Progress): string {
  const share = total > 0 ? done / total : 1;
  const left = share > 0 ? formatSeconds(seconds / share - seconds) : '?';
  return `${label} ${done}/${total} (${Math.round(100 * share)} %) ${formatSeconds(seconds)}, ${left} to go${note ? `, ${note}` : ''}`;
}

/** `8.3 s`, `2 min 05 s` or `1 h 04 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

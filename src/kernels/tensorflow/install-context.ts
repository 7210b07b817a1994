import type { ProgressListener } from '../../core/progress.ts';

/** What a step of the installation is given. */
export interface InstallContext {
  /** The command, at the head of every error. */
  readonly where: string;
  /** One line for a person: what happens next. */
  note(text: string): void;
  readonly progress: ProgressListener;
  readonly signal?: AbortSignal | undefined;
}

import type { ViewEvent } from '../viewer/server/event-streams-node.ts';
import { LineFollower } from '../viewer/server/line-follower-node.ts';
import { openInside, readInside } from '../viewer/server/open-inside-node.ts';
import type { ViewEvents } from '../viewer/view-data.ts';
import { liveFitOf } from './live-fit.ts';
import { fieldsIn, parse } from './parse-kept-fit.ts';

type Row = ViewEvents['metrics']['rows'][number];

/** What of a run is followed. */
export interface FollowedRun {
  /** A file that grows line by line, and how its lines become rows: made anew when the file begins again. */
  readonly metrics: { readonly folder: string; readonly name: string; readonly reader: () => (line: Readonly<Record<string, unknown>>) => Row | null } | null;
  /** A face model that may be renewed. */
  readonly weights: { readonly folder: string; readonly name: string } | null;
  /** A folder in which `reconstruct` may fit, with the model of this checksum. */
  readonly fit: { readonly folder: string; readonly sha256: string } | null;
  /** Whether nothing more will come. */
  readonly isOver: (lastStep: number) => Promise<boolean>;
}

const NONE = { metrics: null, weights: null, fit: null, isOver: async () => false } as const;

/** A face model that stands alone. */
export const weights = (folder: string, name: string): FollowedRun => ({ ...NONE, weights: { folder, name } });

/** The folder of `reconstruct`. */
export const fits = (folder: string, sha256: string): FollowedRun => ({ ...NONE, fit: { folder, sha256 } });

/** A run of `decoder train` of so many steps. */
export const training = (folder: string, steps: number): FollowedRun => ({
  ...NONE, metrics: { folder, name: 'metrics.jsonl', reader: () => metricsRow }, weights: { folder, name: 'head.safetensors' },
  isOver: async (lastStep) => lastStep >= steps && await signatureOf(folder, 'head.safetensors') !== null,
});

/** A run of `dense train-head`, which writes its scores in the end. */
export const dense = (folder: string): FollowedRun => ({ ...NONE, metrics: { folder, name: 'metrics.jsonl', reader: () => metricsRow }, isOver: async () => {
  // Those of an earlier run in the folder are older than what grows.
  const [scores, metrics] = await Promise.all(['scores.json', 'metrics.jsonl'].map((name) => timeOf(folder, name)));
  return scores !== null && scores! >= (metrics ?? 0);
} });

/** A run of `evaluate portraits`, which writes its summary in the end. */
export const portraits = (folder: string): FollowedRun => ({ ...NONE, metrics: { folder, name: 'scores.jsonl', reader: mediansReader }, isOver: async () => await signatureOf(folder, 'portraits.json') !== null });

/** Rows that are kept for pages that come later; where there are more, every second one goes. */
const MAX_ROWS = 20_000;

/** Follows a run by looking at its files. */
export class RunFollower {
  private rows: Row[] = [];
  private readonly lines: LineFollower | null;
  private toRow: ((line: Readonly<Record<string, unknown>>) => Row | null) | null = null;
  private signature: string | null | undefined;
  private candidate: string | null | undefined;
  private isRenewed = false;
  private fit: ViewEvents['fit'] | null = null;
  private isFitting = false;
  private isEnded = false;

  constructor(private readonly run: FollowedRun) {
    this.lines = run.metrics && new LineFollower(run.metrics.folder, run.metrics.name);
  }

  /** What a page is told that comes now. */
  snapshot(): ViewEvent[] {
    const { rows, fit, lines } = this;
    return [
      ...(lines ? [{ name: 'metrics', data: { rows } } as const] : []), ...(this.isRenewed ? [{ name: 'model', data: {} } as const] : []), ...(fit ? [{ name: 'fit', data: fit } as const] : []), ...(this.isEnded ? [{ name: 'end', data: {} } as const] : []),
    ];
  }

  /** Looks at all files: what is new, or that pages must be told everything anew. */
  async poll(): Promise<{ readonly restarted: boolean; readonly events: readonly ViewEvent[] }> {
    const events: ViewEvent[] = [], wasEnded = this.isEnded, isOther = await this.pollMetrics(events);
    await this.pollWeights(events);
    if (await this.pollFit(events) || isOther) this.isEnded = false;
    if (!this.isEnded && !this.isFitting && await this.run.isOver(this.rows.at(-1)?.step ?? 0)) {
      this.isEnded = true;
      events.push({ name: 'end', data: {} });
    }
    return { restarted: isOther || (wasEnded && !this.isEnded), events };
  }

  /** Whether the file is another one now. */
  private async pollMetrics(events: ViewEvent[]): Promise<boolean> {
    if (!this.lines) return false;
    const { restarted, lines } = await this.lines.poll();
    if (restarted || !this.toRow) [this.rows, this.toRow] = [[], this.run.metrics!.reader()];
    const rows = lines.flatMap((line) => this.toRow!(fieldsIn(parse(line))) ?? []);
    this.rows.push(...rows);
    while (this.rows.length > MAX_ROWS) this.rows = this.rows.filter((_, i) => i % 2 === 1);
    if (rows.length > 0) events.push({ name: 'metrics', data: { rows } });
    return restarted;
  }

  private async pollWeights(events: ViewEvent[]): Promise<void> {
    if (!this.run.weights) return;
    const found = await signatureOf(this.run.weights.folder, this.run.weights.name);
    this.signature = this.signature === undefined ? found : this.signature;
    // Seen twice alike: it is not being written.
    if (found !== null && found !== this.signature && found === this.candidate) {
      this.signature = found;
      this.isRenewed = true;
      events.push({ name: 'model', data: {} });
    }
    this.candidate = found;
  }

  /** Whether a fit began. */
  private async pollFit(events: ViewEvent[]): Promise<boolean> {
    if (!this.run.fit) return false;
    const { folder, sha256 } = this.run.fit, running = await liveFitOf(folder), wasFitting = this.isFitting;
    this.isFitting = running !== null;
    const next = running ? (running.model.sha256 === sha256 ? running.event : null) : wasFitting ? await finalFit(folder, this.fit) : null;
    if (next && JSON.stringify(next) !== JSON.stringify(this.fit)) {
      this.fit = next;
      events.push({ name: 'fit', data: next });
    }
    if (wasFitting && !this.isFitting) {
      this.isEnded = true;
      events.push({ name: 'end', data: {} });
    }
    return this.isFitting && !wasFitting;
  }
}

/** What a fit came to: the first face of the scene file, at the last step. */
async function finalFit(folder: string, last: ViewEvents['fit'] | null): Promise<ViewEvents['fit'] | null> {
  const bytes = await readInside(folder, 'scene.json'), { parseSceneRecord } = await import('../dense/scene-record.ts');
  try {
    const { faces: [face], options: { size } } = parseSceneRecord(new TextDecoder().decode(bytes ?? new Uint8Array())), { latent, camera, illumination, projection, cropToPhoto } = face!;
    return last && { step: last.total, total: last.total, scene: { latent, camera, illumination }, frame: { projection, size, cropToPhoto }, losses: {} };
  } catch {
    return null; // it was stopped
  }
}

/** When a file was changed, milliseconds; `null` where there is none. */
const timeOf = async (folder: string, name: string): Promise<number | null> => Number((await signatureOf(folder, name))?.split(' ')[2] ?? NaN) || null;

/** Tells one content of a file from the next; `null` where there is none. */
async function signatureOf(folder: string, name: string): Promise<string | null> {
  const file = await openInside(folder, name);
  try {
    if (!file) return null;
    const { ino, size, mtimeMs } = await file.stat();
    return `${ino} ${size} ${mtimeMs}`;
  } finally {
    await file?.close();
  }
}

/** A line of `metrics.jsonl`: its finite figures, the seconds as `time`; `null` without a step. */
function metricsRow({ step, seconds, ...figures }: Readonly<Record<string, unknown>>): Row | null {
  if (!Number.isFinite(step)) return null;
  return { ...Object.fromEntries(Object.entries(figures).filter((entry): entry is [string, number] => Number.isFinite(entry[1]))), ...(Number.isFinite(seconds) && { time: seconds as number }), step: step as number };
}

/** Lines of `scores.jsonl` to medians over all portraits so far: each alone would be noise. */
function mediansReader(): (line: Readonly<Record<string, unknown>>) => Row | null {
  const sorted: Record<string, number[]> = { nme: [], nmeInner: [], colorDifference: [], seconds: [] };
  let step = 0;
  return (line) => {
    if (typeof line.file !== 'string') return null;
    const medians = Object.entries(sorted).flatMap(([name, values]) => {
      const value = line[name];
      if (Number.isFinite(value)) values.splice(values.findLastIndex((x) => x <= (value as number)) + 1, 0, value as number);
      return values.length > 0 ? [[`median ${name}`, values[Math.floor((values.length - 1) / 2)]!] as const] : [];
    });
    return { ...Object.fromEntries(medians), step: ++step };
  };
}

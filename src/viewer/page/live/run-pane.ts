import { lossCurves } from '../../loss-curves.ts';
import type { ViewEvents } from '../../view-data.ts';
import { byId, make } from '../dom.ts';
import { createLossChart } from './loss-chart.ts';

type Row = ViewEvents['metrics']['rows'][number];

/** The pane of a run that is followed. */
export interface RunPane {
  /** Forgets the rows of the run, as a stream that is opened again tells everything. */
  readonly clear: () => void;
  readonly addRows: (rows: readonly Row[]) => void;
  readonly showFit: (event: ViewEvents['fit']) => void;
  readonly note: (text: string) => void;
}

export function createRunPane(): RunPane {
  const charts = { run: createLossChart(), fit: createLossChart() }, note = make('p', { class: 'note', role: 'status', id: 'run-note' }, 'Waiting for the run \u2026'), progress = make('progress', { max: 1, value: 0, 'aria-label': 'Progress of the fit' });
  const rows: Record<keyof typeof charts, Row[]> = { run: [], fit: [] };
  let waiting = false;
  progress.hidden = true;
  byId('tab-run').replaceChildren(note, progress, charts.fit.element, charts.run.element);
  // Many events may come within one frame.
  const draw = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      for (const name of ['run', 'fit'] as const) charts[name].show(lossCurves(rows[name]));
    });
  };
  return {
    clear: () => { rows.run.length = 0; },
    addRows: (added) => {
      rows.run.push(...added);
      const last = rows.run.at(-1);
      if (last) note.textContent = `Step ${last.step.toLocaleString('en')}`;
      draw();
    },
    showFit: ({ step, total, losses }) => {
      progress.hidden = false;
      progress.value = total > 0 ? step / total : 0;
      note.textContent = `Fit: step ${step} of ${total}`;
      if (step <= (rows.fit.at(-1)?.step ?? -1)) rows.fit.length = 0; // another fit began
      rows.fit.push({ ...losses, step });
      draw();
    },
    note: (text) => { note.textContent = text; },
  };
}

import type { ViewFact } from '../../view-data.ts';
import { byId, make } from '../dom.ts';

/** Fills the pane of figures. */
export function showFigures(facts: readonly ViewFact[]): void {
  byId('tab-figures').replaceChildren(make('dl', { id: 'facts' }, ...facts.flatMap(({ label, value }) => [make('dt', {}, label), make('dd', {}, value)])));
}

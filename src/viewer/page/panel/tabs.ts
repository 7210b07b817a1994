import { byId, make } from '../dom.ts';

/** One pane of the panel. */
export interface Tab {
  /** Of its element, `tab-` before it. */
  readonly name: string;
  readonly label: string;
}

/** Fills the tab list: clicked, or walked through by arrow keys. Panes that are not listed stay hidden; one that was chosen before stays so, otherwise the first is. */
export function createTabs(tabs: readonly Tab[]): void {
  const buttons = tabs.map(({ name, label }) => make('button', { type: 'button', role: 'tab', id: `pick-${name}`, 'aria-controls': `tab-${name}` }, label));
  const before = document.querySelector('#tabs [aria-selected="true"]')?.id;
  const panes = document.querySelectorAll<HTMLElement>('.pane');
  const select = (name: string): void => {
    for (const pane of panes) pane.hidden = pane.id !== `tab-${name}`;
    tabs.forEach((tab, i) => {
      buttons[i]!.setAttribute('aria-selected', String(tab.name === name));
      buttons[i]!.tabIndex = tab.name === name ? 0 : -1;
    });
  };
  tabs.forEach(({ name }, i) => {
    const pane = byId(`tab-${name}`);
    pane.setAttribute('role', 'tabpanel');
    pane.setAttribute('aria-labelledby', `pick-${name}`);
    buttons[i]!.addEventListener('click', () => select(name));
    buttons[i]!.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = (i + step + tabs.length) % tabs.length;
      select(tabs[next]!.name);
      buttons[next]!.focus();
    });
  });
  byId('tabs').replaceChildren(...buttons);
  byId('tabs').hidden = tabs.length === 0;
  for (const pane of panes) pane.hidden = true;
  const first = tabs.find(({ name }) => `pick-${name}` === before) ?? tabs[0];
  if (first) select(first.name);
}

import type { ViewEvents } from '../../view-data.ts';

/** What is done with each event. */
export type EventHandlers = { readonly [Name in keyof ViewEvents]: (event: ViewEvents[Name]) => void } & {
  /** The stream broke off or is there again; the browser tries by itself. */
  readonly connection: (isThere: boolean) => void;
};

/** Follows a stream of server-sent events until it ends. */
export function followEvents(url: string, handlers: EventHandlers): void {
  const source = new EventSource(url);
  for (const name of ['metrics', 'fit', 'model', 'end'] as const) {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      if (name === 'end') source.close();
      (handlers[name] as (data: unknown) => void)(JSON.parse(event.data || '{}'));
    });
  }
  source.addEventListener('open', () => handlers.connection(true));
  source.addEventListener('error', () => { if (source.readyState !== EventSource.CLOSED) handlers.connection(false); });
}

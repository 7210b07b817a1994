/** Work that waits until the page has nothing better to do, one piece at a time. */
export interface IdleQueue {
  /** Adds a piece behind the others. */
  readonly add: (work: () => void) => void;
  /** Forgets what has not been done. */
  readonly clear: () => void;
}

export function createIdleQueue(): IdleQueue {
  let waiting: (() => void)[] = [], running = false;
  const soon = (next: () => void): void => { 'requestIdleCallback' in window ? requestIdleCallback(next, { timeout: 300 }) : setTimeout(next, 20); };
  const step = (): void => {
    const work = waiting.shift();
    if (!work) {
      running = false;
      return;
    }
    work();
    soon(step);
  };
  return {
    add: (work) => {
      waiting.push(work);
      if (!running) {
        running = true;
        soon(step);
      }
    },
    clear: () => { waiting = []; },
  };
}

import { runCommandLine } from '../../src/cli/program.ts';
import type { ViewData } from '../../src/viewer/view-data.ts';

/** A `retinamesh view` that serves, in this process. */
export interface Served {
  readonly url: string;
  /** All that it wrote to stderr. */
  readonly notes: () => string;
  /** What the page is given now. */
  readonly data: () => Promise<ViewData>;
  /** Ends it, and every other one, by Ctrl-C; the exit code. */
  readonly stop: () => Promise<number>;
}

/** Starts it at a free port; throws what it prints if it ends instead. */
export async function serveView(...args: string[]): Promise<Served> {
  let err = '';
  let ended!: Promise<number>;
  const printed = await new Promise<string>((resolve, reject) => {
    ended = runCommandLine(['view', '--port', '0', '--json', ...args], { out: resolve, err: (text) => { err += text; }, columns: null });
    void ended.then((code) => reject(new Error(`view ended with ${code}: ${err}`)));
  });
  const { url } = JSON.parse(printed) as { url: string };
  return {
    url, notes: () => err, data: async () => dataOf(await (await fetch(url)).text()),
    stop: () => {
      process.emit('SIGINT');
      return ended;
    },
  };
}

/** The data in a page. */
export const dataOf = (page: string): ViewData => JSON.parse(/<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page)![1]!) as ViewData;

/** One event of a stream: name and data. */
export type Told = readonly [name: string, data: unknown];

/** Reads a stream of events, one after the other. */
export async function readEvents(url: string): Promise<{ readonly next: () => Promise<Told | null>; readonly close: () => Promise<void> }> {
  const reader = (await fetch(url)).body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '', isEnded = false;
  const next = async (): Promise<Told | null> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const found = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end));
        text = text.slice(end + 2);
        if (found) return [found[1]!, JSON.parse(found[2]!)];
        continue;
      }
      if (isEnded) return null;
      const { value, done } = await reader.read();
      text += value ?? '';
      isEnded = done;
    }
  };
  return { next, close: () => reader.cancel() };
}

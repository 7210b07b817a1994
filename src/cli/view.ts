import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { EventStreams, ViewEvent } from '../viewer/server/event-streams-node.ts';
import type { ViewRoute } from '../viewer/server/view-server-node.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { addDecoderOption } from './load-model.ts';
import { assertWritableFile, makeFolderOf } from './output-files.ts';
import type { RunFollower } from './view-follow.ts';
import { openViewSource, type ViewSource, type ViewSourceOptions } from './view-source.ts';

interface ViewOptions extends CommonOptions, ViewSourceOptions {
  readonly port?: number;
  readonly export?: string;
}

/** The port that is taken where it is free; `USUAL_PORT` of the server, which is loaded later. */
const PORT = 8128;

/** Milliseconds between two looks at the files of a run; how many pages may follow it. */
const INTERVAL = 250, MAX_STREAMS = 16;

/** Adds `retinamesh view`: a page about a model, a scene or a run, served to this machine or written as one file. */
export function addViewCommand(program: Command): void {
  addDecoderOption(addCommonOptions(program.command('view').description('look at a face model, a reconstruction or a run, in a page that this machine serves to itself and that follows what is under way; or write the page as one file')
    .argument('[what]', 'folder of reconstruct, evaluate portraits, decoder train or dense train-head; scene.json; or face model (default: the one in the package)')
    .option('--photo <file>', 'photograph of a scene.json (default: the one of its name beside it, or the one in the viewer.html beside it)')
    .option('--portraits <folder>', 'photographs of a run of evaluate portraits, as that was given (default: none)')
    .option('--port <n>', `to listen at, on 127.0.0.1 (default: ${PORT}, or a free one where that is taken; 0: a free one)`, parseNumber({ min: 0, max: 65_535, whole: true }))
    .option('-o, --export <file>', 'write the page as one .html file that needs no network and no server, instead')))
    .action(withCommand(viewCommand));
}

async function viewCommand(context: CommandContext, options: ViewOptions, what: string | undefined): Promise<CommandResult | null> {
  const { signal } = context; // asked for now: Ctrl-C is heard from here on
  if (options.export !== undefined && options.port !== undefined) context.misuse('--port is for a page that is served, --export writes a file: leave one of them out');
  if (options.export !== undefined) await assertWritableFile(options.export, ['.html'], '--export');
  const source = await openViewSource(context, what, options);
  if (options.export !== undefined) return exportPage(context, source, options.export);
  return serve(context, source, options.port ?? null, signal);
}

async function exportPage({ progress }: CommandContext, { title, kind, page, model: readModel }: ViewSource, file: string): Promise<CommandResult> {
  const [{ staticPage }, { writeFileAtomic }] = await Promise.all([import('./static-page.ts'), import('../io/node.ts')]), input = await page(), model = await readModel(), began = performance.now(), { length } = input.faces;
  if (!model) throw new ArgumentError('view', title, 'weights to show', 'a run that has written none yet; without --export it is followed');
  const html = Buffer.from(await staticPage(input, model, (done) => progress({ label: 'photographs', done, total: length, seconds: (performance.now() - began) / 1000 })));
  await makeFolderOf(file);
  await writeFileAtomic(file, html);
  return { record: { file, bytes: html.length, kind, title, faces: length }, text: `wrote ${file}: ${title}, ${length === 1 ? '1 face' : `${length} faces`}, ${(html.length / 1e6).toFixed(1)} MB\nopen it in a browser` };
}

/** Serves until the signal. */
async function serve(context: CommandContext, source: ViewSource, port: number | null, signal: AbortSignal): Promise<null> {
  const [{ EventStreams }, { startViewServer }, { RunFollower }, { servedPage }] = await Promise.all([
    import('../viewer/server/event-streams-node.ts'), import('../viewer/server/view-server-node.ts'), import('./view-follow.ts'), import('./served-page.ts')]);
  const follower = source.followed && new RunFollower(source.followed), streams = follower && new EventStreams(() => follower.snapshot(), MAX_STREAMS), routes = new Map<string, ViewRoute>();
  await servedPage(source, routes, streams !== null);
  await follower?.poll();
  const server = await startViewServer(routes, streams, { port });
  try {
    context.print({ record: { url: server.url, kind: source.kind, title: source.title, follows: streams !== null }, text: `${source.title}: ${server.url}\nCtrl-C ends it` });
    if (follower && streams) await follow(context, follower, streams, signal);
    else await new Promise<void>((resolve) => { if (signal.aborted) resolve(); else signal.addEventListener('abort', () => resolve(), { once: true }); });
    return null;
  } finally {
    await server.close();
  }
}

async function follow(context: CommandContext, follower: RunFollower, streams: EventStreams, signal: AbortSignal): Promise<void> {
  let failure = '';
  while (!signal.aborted) {
    await delay(INTERVAL, undefined, { signal }).catch(() => {});
    const { restarted, events } = await follower.poll().catch((error: Error) => {
      // What cannot be read now may be readable later: said once.
      if (failure !== error.message) context.note(`retinamesh: ${error.message}; looking again`);
      failure = error.message;
      return { restarted: false, events: [] as readonly ViewEvent[] };
    });
    if (restarted) streams.restart();
    else for (const event of events) streams.send(event);
  }
}

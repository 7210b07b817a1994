import type { ServerResponse } from 'node:http';
import type { ViewEvents } from '../view-data.ts';

/** One event of the stream. */
export type ViewEvent = { readonly [K in keyof ViewEvents]: { readonly name: K; readonly data: ViewEvents[K] } }[keyof ViewEvents];

/** Milliseconds between comments that keep an idle stream open; bytes that a stream may lag behind before it is ended. */
const HEARTBEAT = 15_000, MAX_LAG = 16e6;

/** The open streams of server-sent events: each gets first what there is, then what comes. */
export class EventStreams {
  private readonly streams = new Set<ServerResponse>();
  private readonly heartbeat = setInterval(() => this.write(': \n\n'), HEARTBEAT).unref();

  /**
   * @param snapshot - What a stream that is opened now is told first.
   * @param maxStreams - How many may be open.
   */
  constructor(private readonly snapshot: () => readonly ViewEvent[], private readonly maxStreams: number) {}

  /** Whether another stream may be opened. */
  get hasPlace(): boolean {
    return this.streams.size < this.maxStreams;
  }

  /** Opens a stream; its status and headers have been written. A browser that loses it comes back after a second. */
  open(response: ServerResponse): void {
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
    response.write(`retry: 1000\n\n${this.snapshot().map(formatEvent).join('')}`);
  }

  send(event: ViewEvent): void {
    this.write(formatEvent(event));
  }

  /** Ends all streams: browsers come back and are told everything anew. */
  restart(): void {
    for (const response of this.streams) response.end();
  }

  close(): void {
    clearInterval(this.heartbeat);
    this.restart();
  }

  private write(text: string): void {
    for (const response of this.streams) {
      response.write(text);
      // A reader that has stopped reading must not fill the memory.
      if (response.writableLength > MAX_LAG) response.destroy();
    }
  }
}

const formatEvent = ({ name, data }: ViewEvent): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

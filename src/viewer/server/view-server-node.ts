import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ArgumentError } from '../../core/errors.ts';
import { resolveOptions } from '../../core/options.ts';
import type { EventStreams } from './event-streams-node.ts';
import { PAGE_PATH, pathOf, refuseRequest } from './refuse-request.ts';
import { dataHeaders, pageHeaders } from './security-headers-node.ts';

/** What is answered at one path. */
export interface ViewRoute {
  readonly type: string;
  /** Asked for every request; `null`: there is nothing yet, which is no error to a browser (204). */
  readonly read: () => Promise<Uint8Array | string | null>;
}

/** Options of {@link startViewServer}. */
export interface ViewServerOptions {
  /** `null`: {@link USUAL_PORT}, or a free one where that is taken. */
  readonly port: number | null;
  /** Milliseconds that a request may take to arrive. */
  readonly requestTimeout: number;
  /** Milliseconds in which nothing moves on a connection, after which it is ended. */
  readonly idleTimeout: number;
  /** Bytes of a request's headers. */
  readonly maxHeaderSize: number;
  readonly maxConnections: number;
}

export const VIEW_SERVER_DEFAULTS: ViewServerOptions = { port: null, requestTimeout: 10_000, idleTimeout: 60_000, maxHeaderSize: 16_384, maxConnections: 64 };

export const USUAL_PORT = 8128;

const LOOPBACK = '127.0.0.1';

/** A server that runs. */
export interface ViewServer {
  readonly url: string;
  readonly port: number;
  /** Ends it and all its connections. */
  close(): Promise<void>;
}

/**
 * Serves a page and its data to this machine, at 127.0.0.1 alone: what {@link refuseRequest} lets through, and nothing but the routes, whose paths are compared with the request's as they were sent. No path of a file is ever
 * made from a request.
 *
 * @param routes - By path; `/` is the page.
 * @param streams - Open at `/events`; `null`: nothing is followed.
 * @throws {@link ArgumentError} if the port that was asked for is taken or forbidden.
 */
export async function startViewServer(routes: ReadonlyMap<string, ViewRoute>, streams: EventStreams | null, given?: Partial<ViewServerOptions>): Promise<ViewServer> {
  const { port, requestTimeout, idleTimeout, maxHeaderSize, maxConnections } = resolveOptions('startViewServer', VIEW_SERVER_DEFAULTS, given);
  const server = createServer({ maxHeaderSize, headersTimeout: requestTimeout, requestTimeout, connectionsCheckingInterval: Math.min(1000, requestTimeout), keepAliveTimeout: 5000 });
  server.maxConnections = maxConnections;
  server.setTimeout(idleTimeout);
  server.on('request', (request, response) => {
    answer(request, response, { routes, streams, port: (server.address() as AddressInfo | null)?.port ?? 0 }).catch(() => {
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'this could not be read');
    });
  });
  server.on('clientError', refuseBytes);
  server.on('connect', (_, socket: Socket) => refuseBytes({}, socket));
  server.on('upgrade', (_, socket: Socket) => refuseBytes({}, socket));
  server.on('checkContinue', (_, response: ServerResponse) => sendText(response, 400, 'no body is read here'));
  await listen(server, port ?? USUAL_PORT).catch((error: NodeJS.ErrnoException) => {
    if (port === null && error.code === 'EADDRINUSE') return listen(server, 0);
    throw error;
  }).catch((error: NodeJS.ErrnoException) => {
    throw new ArgumentError('startViewServer', `port ${port ?? USUAL_PORT}`, 'nothing else that listens there', REASONS[error.code ?? ''] ?? error.code ?? error.message);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${bound}/`, port: bound,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      streams?.close();
      server.closeAllConnections();
    }),
  };
}

const REASONS: Record<string, string> = { EADDRINUSE: 'a port in use; choose another --port, or leave it out', EACCES: 'a port that needs rights; choose one above 1023' };

const listen = (server: Server, port: number): Promise<void> => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
    server.off('error', reject);
    resolve();
  });
});

interface Answers {
  readonly routes: ReadonlyMap<string, ViewRoute>;
  readonly streams: EventStreams | null;
  readonly port: number;
}

/** Path of the stream of events. */
export const EVENTS_PATH = '/events';

async function answer(request: IncomingMessage, response: ServerResponse, { routes, streams, port }: Answers): Promise<void> {
  const { method = '', url: target = '', rawHeaders } = request, refusal = refuseRequest({ method, target, rawHeaders }, port);
  if (refusal) return sendText(response, refusal.status, refusal.reason);
  const path = pathOf(target);
  if (path === EVENTS_PATH && streams) return openStream(response, streams, method);
  const route = routes.get(path);
  if (!route) return sendText(response, 404, 'there is nothing here');
  const content = await route.read();
  if (content === null) return sendNothing(response);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  response.writeHead(200, { ...(path === PAGE_PATH ? pageHeaders(new TextDecoder().decode(bytes)) : dataHeaders()), 'Content-Type': route.type, 'Content-Length': bytes.length });
  response.end(method === 'HEAD' ? undefined : bytes);
}

function openStream(response: ServerResponse, streams: EventStreams, method: string): void {
  const isHead = method === 'HEAD';
  if (isHead || streams.hasPlace) response.writeHead(200, { ...dataHeaders(), 'Content-Type': 'text/event-stream' });
  else sendText(response, 503, 'too many pages follow already');
  if (isHead) response.end();
  else if (!response.writableEnded) streams.open(response);
}

function sendNothing(response: ServerResponse): void {
  response.writeHead(204, dataHeaders());
  response.end();
}

function sendText(response: ServerResponse, status: number, text: string): void {
  const allow = status === 405 ? { Allow: 'GET, HEAD' } : {};
  // What else such a client has sent is not read.
  response.writeHead(status, { ...dataHeaders(), ...allow, 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text), Connection: 'close' });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

const STATUS: Record<string, string> = { HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large', ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout' };

/** Answers bytes that are no request, or none of ours, and ends the connection. */
function refuseBytes({ code = '' }: { readonly code?: string }, socket: { readonly writable: boolean; readonly end: (text: string) => unknown; readonly destroy: () => unknown }): void {
  if (!socket.writable || code === 'ECONNRESET') socket.destroy();
  else socket.end(`HTTP/1.1 ${STATUS[code] ?? '400 Bad Request'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EventStreams, type ViewEvent } from '../../../src/viewer/server/event-streams-node.ts';
import { startViewServer, USUAL_PORT, type ViewRoute, type ViewServer, type ViewServerOptions } from '../../../src/viewer/server/view-server-node.ts';

const PAGE = '<!doctype html><script type="application/json" id="data">{"a":"\\u003c/script>"}</script><script type="module">console.log(1)</script>';
const ROUTES: ReadonlyMap<string, ViewRoute> = new Map<string, ViewRoute>([
  ['/', { type: 'text/html; charset=utf-8', read: async () => PAGE }], ['/model', { type: 'application/octet-stream', read: async () => Uint8Array.of(0, 255, 10) }],
  ['/gone', { type: 'image/jpeg', read: async () => null }], ['/broken', { type: 'image/jpeg', read: async () => { throw new Error('/secret/path'); } }],
]);

const servers: ViewServer[] = [], sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.close();
});

async function start({ events = [], maxStreams = 4, ...options }: Partial<ViewServerOptions> & { events?: ViewEvent[] | null; maxStreams?: number } = {}): Promise<{ server: ViewServer; streams: EventStreams | null }> {
  const streams = events && new EventStreams(() => events, maxStreams), server = await startViewServer(ROUTES, streams, { port: 0, ...options });
  servers.push(server);
  return { server, streams };
}

/** When it has ended, by an error or not. */
const closed = (stream: NodeJS.ReadableStream): Promise<void> => new Promise((resolve) => { stream.on('error', () => {}).on('close', () => resolve()); });

/** Sends bytes as they are; what comes back until the server ends the connection. */
async function raw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  sockets.push(socket);
  socket.setEncoding('latin1').on('data', (data: string) => { text += data; }).on('error', () => {});
  socket.write(bytes);
  await closed(socket);
  return text;
}

const get = (port: number, target: string | Buffer, fields = ''): Promise<string> => raw(port, Buffer.concat([Buffer.from('GET '), Buffer.from(target), Buffer.from(` HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${fields}\r\n`)]));

describe('startViewServer', () => {
  it('serves its routes, HEAD as well, and says what may be done with them', async () => {
    const { server: { url, port } } = await start(), page = await fetch(url), model = await fetch(`${url}model?v=1`), head = await fetch(`${url}model`, { method: 'HEAD' });
    expect(await page.text()).toBe(PAGE);
    expect(new Uint8Array(await model.arrayBuffer())).toEqual(Uint8Array.of(0, 255, 10));
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '3', '']);
    // The script by its hash, and no other.
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; script-src 'sha256-CihokcEcBW4atb/CW/XWsvWwbTjqwQlE9nj9ii5ww5M=' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' data: blob:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    expect(model.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
    for (const { headers } of [page, model, await fetch(`${url}nothing`)]) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin', 'cache-control': 'no-store', 'x-frame-options': 'DENY',
      });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control') || name === 'server' || name === 'x-powered-by')).toEqual([]);
    }
    expect(url).toBe(`http://127.0.0.1:${port}/`);
  });

  it('answers 204 where there is nothing yet', async () => {
    const { server: { url } } = await start(), gone = await fetch(`${url}gone`);
    expect([gone.status, await gone.text(), gone.headers.get('x-content-type-options')]).toEqual([204, '', 'nosniff']);
  });

  it('listens on 127.0.0.1 alone', async () => {
    const { server: { port } } = await start();
    for (const address of ['127.0.0.2', '::1']) {
      const socket = connect(port, address);
      expect(await once(socket, 'connect').catch((error: NodeJS.ErrnoException) => error.code), address).toMatch(/ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH|EAFNOSUPPORT/);
    }
  });

  it.each([
    '/..', '/../package.json', '/../../../../etc/passwd', '/%2e%2e/package.json', '/%2E%2E%2fpackage.json', '/..%2f..%2fetc%2fpasswd', '/%252e%252e%252fetc/passwd', '/..\\package.json', '/..%5cpackage.json', '/model/../model',
    '/model/', '//model', '/./model', '/model%00.jpg', '/Model', '/etc/passwd', '//etc/passwd', '/C:/Windows', '/package.json', '/node_modules', 'model', '*', 'http://127.0.0.1/model', 'http://evil.example/', 'file:///etc/passwd', '/mod%65l', '/constructor', '/__proto__',
    '/model#x', '/model;x', '/%', '/%zz', '/%ff%fe', '/events/', '/photo-0',
  ])('has nothing at %s', async (target) => {
    const { server: { port } } = await start();
    expect(await get(port, target)).toMatch(/^HTTP\/1\.1 (404|400) [\s\S]*\r\n\r\n(there is nothing here)?$/);
  });

  it.each([['NUL', Buffer.from('/mo\0del')], ['a space', Buffer.from('/mo del')], ['bytes that are no UTF-8', Buffer.from([47, 0xff, 0xfe])]])('refuses %s in a path', async (_, target) => {
    const { server: { port } } = await start();
    expect(await get(port, target)).toMatch(/^HTTP\/1\.1 (400|404) /);
  });

  it('refuses foreign hosts, methods, origins and bodies, with a reason', async () => {
    const { server: { port } } = await start(), own = `Host: 127.0.0.1:${port}\r\n`;
    expect(await raw(port, 'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 .*[\s\S]*\r\n\r\nthis server answers to localhost only$/);
    expect(await raw(port, 'GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, `GET / HTTP/1.1\r\n${own}Host: evil.example\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, `POST / HTTP/1.1\r\n${own}Content-Length: 1000000\r\n\r\n`)).toMatch(/^HTTP\/1\.1 405 .*[\s\S]*Allow: GET, HEAD/);
    expect(await raw(port, `GET / HTTP/1.1\r\n${own}Content-Length: 1000000\r\n\r\nxxx`)).toMatch(/^HTTP\/1\.1 400 .*[\s\S]*no body is read here$/);
    expect(await raw(port, `GET / HTTP/1.1\r\n${own}Expect: 100-continue\r\nContent-Length: 1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await get(port, '/model', 'Origin: http://evil.example\r\n')).toMatch(/^HTTP\/1\.1 403 .*[\s\S]*another origin$/);
    expect(await get(port, '/events', 'Sec-Fetch-Site: cross-site\r\n')).toMatch(/^HTTP\/1\.1 403 .*[\s\S]*another site$/);
  });

  it('is not brought down by what is no request, and says nothing of a failure of its own', async () => {
    const { server: { port, url } } = await start({ maxHeaderSize: 2000 }), own = `Host: 127.0.0.1:${port}\r\n`;
    for (const bytes of ['\r\n\r\n\r\nx', 'GET\r\n\r\n', '\x16\x03\x01\x02\x00\x01', 'GET / HTTP/9.9\r\n\r\n', `GET / HTTP/1.1\r\n${own}Bad Header\r\n\r\n`, `GET / HTTP/1.1\r\n${own}Content-Length: -1\r\n\r\n`, `CONNECT evil.example:80 HTTP/1.1\r\n${own}\r\n`, `GET / HTTP/1.1\r\n${own}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`]) {
      expect(await raw(port, bytes), JSON.stringify(bytes)).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(await raw(port, `GET / HTTP/1.1\r\n${own}X: ${'x'.repeat(5000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await get(port, '/broken')).toMatch(/^HTTP\/1\.1 500 .*[\s\S]*\r\n\r\nthis could not be read$/);
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /model HTTP/1.1\r\n${own}\r\n`);
    socket.resetAndDestroy();
    expect((await fetch(url)).status).toBe(200);
  });

  it('ends connections that are slow to ask, and takes no more than it should', async () => {
    const { server: { port, url } } = await start({ requestTimeout: 200, maxConnections: 3 });
    expect(await raw(port, 'GET / HTTP/1.1\r\nHost: ')).toMatch(/^HTTP\/1\.1 408 /);
    const idle = [0, 1, 2].map(() => connect(port, '127.0.0.1'));
    sockets.push(...idle);
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    expect(await raw(port, 'GET / HTTP/1.1\r\n')).toBe('');
    for (const socket of idle) socket.destroy();
    await expect.poll(async () => (await fetch(url).catch(() => null))?.status).toBe(200);
  });

  it('ends connections on which nothing moves', async () => {
    const { server: { port } } = await start({ idleTimeout: 100, requestTimeout: 60_000 });
    expect(await raw(port, '')).toBe('');
  });

  it('takes its usual port, or a free one where that is taken; a port that was asked for must be free', async () => {
    const taken = createServer().listen({ port: 0, host: '127.0.0.1' });
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(`startViewServer: expected port ${port} to have nothing else that listens there, got a port in use; choose another --port, or leave it out`);
    taken.close();
    const first = await start({ port: null }), second = await start({ port: null });
    expect(second.server.port).not.toBe(first.server.port);
    expect(first.server.port === USUAL_PORT || second.server.port !== USUAL_PORT).toBe(true);
    expect((await fetch(second.server.url)).status).toBe(200);
  });

  it('ends at once, with streams open and requests under way', async () => {
    const { server } = await start(), reader = (await fetch(`${server.url}events`)).body!.getReader();
    await reader.read();
    const half = connect(server.port, '127.0.0.1');
    sockets.push(half.on('error', () => {}));
    await new Promise((resolve) => half.write('GET / HT', resolve));
    servers.pop();
    await server.close();
    await expect(fetch(server.url)).rejects.toThrow();
  });
});

describe('events', () => {
  const EVENTS: ViewEvent[] = [{ name: 'metrics', data: { rows: [{ step: 1, loss: 0.5 }] } }, { name: 'model', data: {} }];

  async function follow(url: string): Promise<() => Promise<string>> {
    const response = await fetch(`${url}events`), reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    return async () => (await reader.read()).value ?? '';
  }

  it('tells each stream what there is, then what comes, and all anew after a restart', async () => {
    const { server: { url }, streams } = await start({ events: EVENTS }), [one, two] = [await follow(url), await follow(url)], all = 'retry: 1000\n\nevent: metrics\ndata: {"rows":[{"step":1,"loss":0.5}]}\n\nevent: model\ndata: {}\n\n';
    expect([await one(), await two()]).toEqual([all, all]);
    streams!.send({ name: 'end', data: {} });
    expect([await one(), await two()]).toEqual(['event: end\ndata: {}\n\n', 'event: end\ndata: {}\n\n']);
    streams!.restart();
    expect([await one(), await two()]).toEqual(['', '']);
    expect(await (await follow(url))()).toBe(all);
  });

  it('has a limit on streams, and takes others when one is closed', async () => {
    const { server: { url } } = await start({ maxStreams: 2 }), stop = new AbortController();
    await Promise.all([fetch(`${url}events`, { signal: stop.signal }), fetch(`${url}events`)]);
    const third = await fetch(`${url}events`);
    expect([third.status, await third.text()]).toEqual([503, 'too many pages follow already']);
    expect((await fetch(`${url}events`, { method: 'HEAD' })).status).toBe(200);
    stop.abort();
    await expect.poll(async () => (await fetch(`${url}events`, { signal: AbortSignal.timeout(500) })).status).toBe(200);
  });

  it('ends a stream that is not read, for it would fill the memory', async () => {
    const { server: { port }, streams } = await start(), data = { rows: Array.from({ length: 40_000 }, (_, step) => ({ step, loss: Math.sin(step) })) };
    const socket = request({ port, path: '/events', host: '127.0.0.1' }).end();
    const [response] = await once(socket, 'response') as [NodeJS.ReadableStream];
    response.pause();
    const ended = closed(response);
    for (let i = 0; i < 40; i++) streams!.send({ name: 'metrics', data });
    response.resume();
    await ended;
    expect(streams!.hasPlace).toBe(true);
  });

  it('are not there where nothing is followed', async () => {
    const { server: { url } } = await start({ events: null });
    expect((await fetch(`${url}events`)).status).toBe(404);
  });

  it('are answered to HEAD without a stream', async () => {
    const response = await new Promise<{ statusCode?: number | undefined }>((resolve) => { start().then(({ server: { port } }) => request({ port, path: '/events', method: 'HEAD', host: '127.0.0.1' }, resolve).end(), () => {}); });
    expect(response.statusCode).toBe(200);
  });
});

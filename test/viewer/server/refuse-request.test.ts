import { describe, expect, it } from 'vitest';
import { pathOf, refuseRequest } from '../../../src/viewer/server/refuse-request.ts';

const headers = (fields: Readonly<Record<string, string>>): string[] => Object.entries({ Host: '127.0.0.1:8128', ...fields }).flat();
const status = (target: string, fields: Readonly<Record<string, string>> = {}, method = 'GET', port = 8128): number => refuseRequest({ method, target, rawHeaders: headers(fields) }, port)?.status ?? 200;

describe('refuseRequest', () => {
  it.each(['127.0.0.1:8128', 'localhost:8128', 'LOCALHOST:8128', '[::1]:8128'])('answers to %s', (host) => expect(status('/model', { Host: host })).toBe(200));

  it.each(['evil.example:8128', 'evil.example', 'localhost', '127.0.0.1', 'localhost:80', 'localhost:81280', 'localhost.:8128', 'localhost.evil.example:8128', 'evil@localhost:8128', '0.0.0.0:8128', '127.1:8128', '[::]:8128', ''])(
    'not to %j, a name that may lead here from anywhere', (host) => expect(status('/', { Host: host })).toBe(421));

  it('wants one Host, and needs no port of port 80', () => {
    expect(refuseRequest({ method: 'GET', target: '/', rawHeaders: [] }, 8128)?.status).toBe(400);
    expect(refuseRequest({ method: 'GET', target: '/', rawHeaders: ['Host', '127.0.0.1:8128', 'host', 'evil.example'] }, 8128)?.status).toBe(400);
    expect([status('/', { Host: 'localhost' }, 'GET', 80), status('/', { Host: 'localhost:80' }, 'GET', 80)]).toEqual([200, 200]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'get'])('refuses %s', (method) => expect(status('/', {}, method)).toBe(405));

  it('reads no body', () => {
    expect([status('/', { 'Content-Length': '3' }), status('/', { 'Transfer-Encoding': 'chunked' }), status('/', { 'Content-Length': '0' }), status('/', {}, 'HEAD')]).toEqual([400, 400, 200, 200]);
  });

  it('refuses what another origin or site asks for, also one that differs in the port or the scheme', () => {
    for (const origin of ['http://evil.example', 'http://127.0.0.1:3000', 'https://127.0.0.1:8128', 'null', 'http://127.0.0.1:8128.evil.example']) expect(status('/model', { Origin: origin }), origin).toBe(403);
    for (const site of ['cross-site', 'same-site', 'other']) expect(status('/model', { 'Sec-Fetch-Site': site }), site).toBe(403);
    for (const site of ['same-origin', 'none']) expect(status('/model', { 'Sec-Fetch-Site': site }), site).toBe(200);
    expect(status('/model', { Origin: 'http://localhost:8128', 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
  });

  it('lets other sites link to the page, but not to its data, nor frame, script or fetch it', () => {
    const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
    expect([status('/', link), status('/?x', link), status('/model', link), status('/events', link)]).toEqual([200, 200, 403, 403]);
    expect([status('/', { ...link, 'Sec-Fetch-Dest': 'iframe' }), status('/', { ...link, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' })]).toEqual([403, 403]);
  });
});

it('pathOf takes the query off and decodes nothing', () => expect(['/', '/model?v=2?', '/%2e%2e/a', '//x/../y'].map(pathOf)).toEqual(['/', '/model', '/%2e%2e/a', '//x/../y']));

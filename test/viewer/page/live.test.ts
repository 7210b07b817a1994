import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFaceModel } from '../../../src/decoder/face-model.ts';
import { useWasmBackend } from '../../../src/kernels/wasm/index.ts';
import { randomLatent } from '../../../src/viewer/mix-latents.ts';
import { launchChromium, NO_CHROMIUM } from '../../support/chromium.ts';
import { eggModel } from '../../support/face-model.ts';
import { EMPTY_VIEW, eggFace, pageOf } from '../../support/view-data.ts';
import { keepPicture, openViewer } from '../../support/viewer-page.ts';
import { buildViewer } from '../../support/viewer.ts';

const WASM = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');

describe.skipIf(NO_CHROMIUM)(`the viewer page in Chromium, following a run${NO_CHROMIUM}`, () => {
  let browser: Browser, server: Server, stream: ServerResponse | null = null, weights: Uint8Array | null = null, asked = 0;
  const send = (event: string, data: unknown): void => { stream!.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`); };
  beforeAll(async () => {
    buildViewer();
    await useWasmBackend();
    browser = await launchChromium();
    const routes: Record<string, (response: ServerResponse) => void> = {
      '/': (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(pageOf({ ...EMPTY_VIEW, title: 'run', model: { url: '/model' }, wasm: { url: '/wasm' }, events: '/events' })),
      '/wasm': (response) => response.writeHead(200, { 'Content-Type': 'application/wasm' }).end(readFileSync(WASM)),
      '/model': (response) => { asked++; weights ? response.writeHead(200).end(weights) : response.writeHead(204).end(); },
      '/events': (response) => { stream = response.writeHead(200, { 'Content-Type': 'text/event-stream' }); response.write(': hello\n\n'); },
    };
    server = createServer(({ url }, response) => (routes[url!] ?? ((other) => other.writeHead(404).end()))(response)).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  it('waits for the first weights, draws curves, shows a running fit, and ends', async () => {
    const { page, complaints } = await openViewer(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await page.textContent('#status')).toMatch(/Waiting for the first weights/);
    await page.waitForFunction(() => document.getElementById('run-note'));
    while (!stream) await new Promise((done) => setTimeout(done, 20));
    send('metrics', { rows: Array.from({ length: 40 }, (_, i) => ({ step: 5 * i, time: i, loss: 2 * 0.9 ** i, nme: 0.1 * 0.95 ** i })) });
    await page.waitForFunction(() => document.querySelectorAll('#tab-run polyline').length === 2);
    expect(await page.textContent('#tab-run')).toMatch(/loss0\.0328nme0\.0135/);
    expect(await page.textContent('#tab-run')).toContain('log scale');
    await keepPicture(page, 'run');
    await page.click('.curve.c1');
    expect(await page.locator('#tab-run polyline').count()).toBe(1);

    weights = writeFaceModel({ ...eggModel(), metadata: {} }, 'F32');
    send('model', {});
    await page.waitForFunction(() => window.retinamesh!.state.latent !== null);
    const latent = Array.from(randomLatent(7, 128)), { scene, frame } = eggFace('fit', latent);
    send('fit', { step: 10, total: 40, scene, frame, losses: { pixel: 0.05 } });
    await page.waitForFunction((z) => Math.abs(window.retinamesh!.state.latent![5]! - z) < 1e-6, latent[5]!);
    await page.click('#pick-run');
    expect(await page.textContent('#run-note')).toBe('Fit: step 10 of 40');
    await page.waitForFunction(() => document.querySelectorAll('#tab-run svg').length === 2 && document.querySelector('.curves')!.textContent === 'pixel0.05');
    const before = asked;
    send('model', {});
    while (asked === before) await new Promise((done) => setTimeout(done, 20));
    send('metrics', { rows: [{ step: 400, loss: 0.01 }] });
    await page.waitForFunction(() => document.getElementById('run-note')!.textContent === 'Step 400');
    // The pane that was looked at stays, whatever weights come.
    expect(await page.locator('#tab-run').isVisible()).toBe(true);
    send('end', {});
    await page.waitForFunction(() => document.getElementById('run-note')!.textContent === 'The run has ended.');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

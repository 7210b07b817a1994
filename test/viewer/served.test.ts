import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatScene } from '../../src/cli/face-files.ts';
import { LiveFit } from '../../src/cli/live-fit.ts';
import type { CropFrame } from '../../src/dense/crop-frame.ts';
import type { SceneRecord } from '../../src/dense/scene-record.ts';
import { writePng } from '../../src/io/node-image.ts';
import { launchChromium, NO_CHROMIUM } from '../support/chromium.ts';
import { runHere } from '../support/command-line.ts';
import { eggScene, noisePhoto } from '../support/egg-scene.ts';
import { type Served, serveView } from '../support/served.ts';
import { openViewer } from '../support/viewer-page.ts';
import { buildViewer } from '../support/viewer.ts';

describe.skipIf(NO_CHROMIUM)(`retinamesh view in Chromium${NO_CHROMIUM}`, () => {
  const root = mkdtempSync(join(tmpdir(), 'retinamesh-served-')), at = (name: string): string => join(root, name);
  let browser: Browser, scene: SceneRecord, frame: CropFrame, served: Served;
  beforeAll(async () => {
    buildViewer();
    ({ scene, frame } = await eggScene(at('egg.safetensors')));
    mkdirSync(at('scene'));
    await writePng(at('scene/photo.png'), noisePhoto());
    writeFileSync(at('scene/scene.json'), formatScene({ ...scene, options: { ...scene.options, photo: 'photo.png' } }));
    browser = await launchChromium();
  });
  afterEach(() => served?.stop());
  afterAll(async () => {
    await browser?.close();
    rmSync(root, { recursive: true });
  });

  it('the page of a scene decodes under the policy that it is served with, shows its photograph and follows a fit to its end', async () => {
    served = await serveView(at('scene'), '--decoder', at('egg.safetensors'));
    const { page, complaints } = await openViewer(browser, served.url), latent = scene.faces[0]!.latent.slice(), photo = noisePhoto();
    expect(await page.evaluate(() => [window.retinamesh!.backend, window.retinamesh!.vertices().length, window.retinamesh!.state.latent!.length])).toEqual(['wasm', 3 * 642, 128]);
    expect(await page.evaluate(() => window.retinamesh!.state.latent![5]!)).toBeCloseTo(latent[5]!, 6);
    // The photograph came: it is not of one colour.
    const shown = await page.evaluate(() => window.retinamesh!.renderCrop('photo'));
    expect(new Set(shown).size).toBeGreaterThan(50);
    // Nothing that was not in the page may run, or be fetched from elsewhere.
    const tried = await page.evaluate(async () => {
      const violated: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => violated.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.foreign = 1';
      document.head.append(script);
      await fetch('http://127.0.0.2:1/').catch(() => {});
      await new Promise((done) => { setTimeout(done, 100); });
      return { violated: [...new Set(violated)].sort(), foreign: 'foreign' in window };
    });
    expect(tried).toEqual({ violated: ['connect-src', 'script-src-elem'], foreign: false });
    complaints.length = 0; // those were meant
    const live = new LiveFit(at('scene'), { title: 'photo.png', photo, model: scene.model, size: 64, count: 1 }, (error) => { throw error; }), { camera, illumination } = scene.faces[0]!;
    latent[5] = 1.25;
    live.tell(0, { step: 8, total: 16, loss: 3, pixel: 0.1, scene: { latent: Float32Array.from(latent), camera, illumination }, frame });
    await page.waitForFunction(() => window.retinamesh!.state.latent![5] === 1.25);
    expect(await page.textContent('#run-note')).toBe('Fit: step 8 of 16');
    await live.close();
    await page.waitForFunction(() => document.getElementById('run-note')!.textContent === 'The run has ended.');
    expect(await page.evaluate(() => window.retinamesh!.state.latent![5]!)).toBeCloseTo(scene.faces[0]!.latent[5]!, 6);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('the page of a training waits for its weights, draws its figures, and draws them anew when the run is another', async () => {
    mkdirSync(at('run'));
    writeFileSync(at('run/run.json'), '{"command": "decoder train", "options": {"steps": 100}}');
    writeFileSync(at('run/metrics.jsonl'), '{"step":1,"loss":0.5}\n{"step":2,"loss":0.4}\n');
    served = await serveView(at('run'));
    const { page, complaints } = await openViewer(browser, served.url), note = (text: string) => page.waitForFunction((wanted) => document.getElementById('run-note')?.textContent === wanted, text);
    const points = (): Promise<number> => page.evaluate(() => document.querySelector('#tab-run polyline')!.getAttribute('points')!.split(' ').length);
    await note('Step 2');
    appendFileSync(at('run/metrics.jsonl'), '{"step":3,"loss":0.3}\n');
    await note('Step 3');
    await expect.poll(points).toBe(3);
    copyFileSync(at('egg.safetensors'), at('run/head.safetensors'));
    await page.waitForFunction(() => window.retinamesh?.state.latent);
    writeFileSync(at('run/metrics.jsonl'), '{"step":1,"loss":0.9}\n{"step":2,"loss":0.8}\n');
    await expect.poll(points, { timeout: 20_000 }).toBe(2);
    expect(complaints.filter((line) => !/ERR_INCOMPLETE_CHUNKED_ENCODING/.test(line))).toEqual([]);
    await page.context().close();
  });

  it('the exported file decodes from file:// without a network', async () => {
    expect((await runHere('view', at('scene'), '--decoder', at('egg.safetensors'), '--export', at('page.html'))).code).toBe(0);
    const { page, complaints } = await openViewer(browser, `file://${at('page.html')}`);
    expect(await page.evaluate(() => [window.retinamesh!.backend, window.retinamesh!.vertices().length])).toEqual(['wasm', 3 * 642]);
    expect(new Set(await page.evaluate(() => window.retinamesh!.renderCrop('photo'))).size).toBeGreaterThan(50);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

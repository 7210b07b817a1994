import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeMesh } from '../../../src/decoder/decode-mesh.ts';
import { type FaceModel, writeFaceModel } from '../../../src/decoder/face-model.ts';
import { readGlb } from '../../../src/io/glb.ts';
import { useWasmBackend } from '../../../src/kernels/wasm/index.ts';
import { mixLatents, randomLatent } from '../../../src/viewer/mix-latents.ts';
import type { ViewData } from '../../../src/viewer/view-data.ts';
import { launchChromium, NO_CHROMIUM } from '../../support/chromium.ts';
import { eggModel } from '../../support/face-model.ts';
import { base64, EMPTY_VIEW, eggFace, pageOf } from '../../support/view-data.ts';
import { openViewer } from '../../support/viewer-page.ts';
import { buildViewer } from '../../support/viewer.ts';

const SIZE = 128, WASM = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

describe.skipIf(NO_CHROMIUM)(`the viewer page in Chromium, with a model${NO_CHROMIUM}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'retinamesh-model-page-')), latents = [1, 2].map((seed) => Array.from(randomLatent(seed, SIZE)));
  let browser: Browser, model: FaceModel, data: ViewData;
  const pageFile = (name: string, changes: Partial<ViewData> = {}): string => {
    writeFileSync(join(folder, `${name}.html`), pageOf({ ...data, ...changes }));
    return `file://${join(folder, name)}.html`;
  };
  beforeAll(async () => {
    buildViewer();
    await useWasmBackend();
    model = { ...eggModel(), metadata: { explained: '[0.5,0.25]' } };
    data = { ...EMPTY_VIEW, title: 'egg model', model: { base64: base64(writeFaceModel(model, 'F32')) }, wasm: { base64: base64(readFileSync(WASM)) } };
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it('decodes on the wasm backend as Node does, from its file, asking no network and complaining of nothing', async () => {
    const { page, complaints } = await openViewer(browser, pageFile('parity'));
    expect(await page.evaluate(() => window.retinamesh!.backend)).toBe('wasm');
    for (const latent of latents) {
      const here = decodeMesh(model, latent), there = await page.evaluate((z) => window.retinamesh!.decode(z), latent);
      expect(largest(here.vertices, there.vertices)).toBeLessThan(1e-4);
      expect(largest(here.colors, there.colors)).toBeLessThan(1e-5);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('moves the mesh by its sliders, names and pictures them, resets one and all, draws random heads, and shows more', async () => {
    const { page, complaints } = await openViewer(browser, pageFile('sliders')), vertices = () => page.evaluate(() => window.retinamesh!.vertices()), latent = () => page.evaluate(() => window.retinamesh!.state.latent!);
    const slider = page.locator('input[data-direction="1"]'), shownOf = async (z: ArrayLike<number>): Promise<number> => {
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      return largest(await vertices(), decodeMesh(model, z).vertices);
    };
    const mean = await vertices();
    await slider.fill('2');
    const wanted = Float32Array.from({ length: SIZE }, (_, i) => (i === 1 ? 2 : 0));
    expect(await latent()).toEqual([...wanted]);
    expect(await shownOf(wanted)).toBeLessThan(1e-4);
    expect(largest(await vertices(), mean)).toBeGreaterThan(0.1);
    expect(await page.textContent('#norm')).toBe('|z| 2.00');
    await page.click('[aria-label="Direction 1 to -2"]');
    await page.click('[aria-label="Reset direction 2"]');
    expect((await latent()).slice(0, 2)).toEqual([-2, 0]);
    await page.click('#random');
    expect(largest(await latent(), randomLatent(1, SIZE))).toBeLessThan(1e-6);
    await page.click('#reset-fitted');
    expect(await shownOf(new Float32Array(SIZE))).toBeLessThan(1e-4);
    expect(await page.locator('.directions li').count()).toBe(12);
    expect(await page.locator('.directions li').first().textContent()).toContain('50.0 %');
    await page.click('#more');
    expect(await page.locator('.directions li').count()).toBe(36);
    await page.waitForFunction(() => window.retinamesh!.names().filter(Boolean).length >= 12);
    const names = await page.evaluate(() => window.retinamesh!.names().slice(0, 12).map((description) => description!.name));
    for (const name of names) expect(name).toMatch(/^(shape|expression|colour): [a-z]/);
    expect(await page.locator('.directions .name').first().textContent()).toBe(names[0]);
    const painted = await page.evaluate(() => Array.from(document.querySelectorAll<HTMLCanvasElement>('.end canvas')).slice(0, 24).filter((canvas) => canvas.getContext('2d')!.getImageData(0, 0, 96, 96).data.some((x) => x > 0)).length);
    expect(painted).toBe(24);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('goes from one fitted face to another, and starts from what was fitted', async () => {
    const { page } = await openViewer(browser, pageFile('mix', { faces: latents.map((latent, i) => eggFace(`face ${i + 1}`, latent)) })), latent = () => page.evaluate(() => window.retinamesh!.state.latent!);
    expect(largest(await latent(), latents[0]!)).toBeLessThan(1e-6);
    await page.click('.mix summary');
    await page.fill('#mix', '0.25');
    expect(largest(await latent(), mixLatents(latents[0]!, latents[1]!, 0.25))).toBeLessThan(1e-6);
    await page.keyboard.press(']');
    await page.waitForFunction(() => window.retinamesh!.state.face === 1);
    expect(largest(await latent(), latents[1]!)).toBeLessThan(1e-6);
    await page.context().close();
  });

  it('hands out what is shown as a GLB file, of a level its vertices only', async () => {
    const { page } = await openViewer(browser, pageFile('glb', { faces: [eggFace('a face', latents[0])] }));
    const fetchGlb = async () => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('#export')]);
      expect(download.suggestedFilename()).toBe('a-face.glb');
      return readGlb(readFileSync(await download.path()), 'a-face.glb', { weld: false, scale: 1000 });
    };
    const whole = await fetchGlb(), mesh = decodeMesh(model, latents[0]!);
    expect(largest(whole.vertices, mesh.vertices)).toBeLessThan(1e-3);
    expect(largest(whole.colors!, mesh.colors)).toBeLessThan(1e-4);
    await page.click('#pick-surface');
    await page.selectOption('#level', '2');
    expect((await page.evaluate(() => window.retinamesh!.state)).wireframe).toBe(true);
    expect((await fetchGlb()).vertices).toHaveLength(model.decoder.hierarchy.levels[2]!.vertices.length);
    await page.context().close();
  });

  it.each([['without a binary', null, /no wasm binary was given/], ['with a broken one', { base64: 'AGFzbQ==' }, /expected|magic|end/]])('decodes on cpu %s, and says so', async (_, wasm, reason) => {
    const { page, complaints } = await openViewer(browser, pageFile('cpu', { wasm }));
    expect(await page.evaluate(() => window.retinamesh!.backend)).toBe('cpu');
    expect(await page.textContent('#status')).toMatch(/The wasm backend did not start \(.*\): decoding slowly, on cpu/);
    expect(await page.textContent('#status')).toMatch(reason);
    const there = await page.evaluate((z) => window.retinamesh!.decode(z), latents[0]!);
    expect(largest(decodeMesh(model, latents[0]!).vertices, there.vertices)).toBeLessThan(1e-3);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says what is wrong with a model that is none', async () => {
    const { page } = await openViewer(browser, pageFile('broken', { model: { base64: 'AAAA' } }));
    expect(await page.textContent('#failure')).toMatch(/This page could not draw: the model: expected/);
    await page.context().close();
  });
});

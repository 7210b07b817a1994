import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHIPPED_MODEL } from '../../../src/cli/load-model.ts';
import { decodeMesh } from '../../../src/decoder/decode-mesh.ts';
import { readFaceModel } from '../../../src/decoder/face-model.ts';
import { useWasmBackend } from '../../../src/kernels/wasm/index.ts';
import { randomLatent } from '../../../src/viewer/mix-latents.ts';
import { launchChromium, NO_CHROMIUM } from '../../support/chromium.ts';
import { base64, EMPTY_VIEW, pageOf } from '../../support/view-data.ts';
import { keepPicture, openViewer } from '../../support/viewer-page.ts';
import { buildViewer } from '../../support/viewer.ts';

const WASM = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
const REASON = NO_CHROMIUM || (existsSync(SHIPPED_MODEL) ? '' : ' [skipped: no meshes/head.safetensors]');

describe.skipIf(REASON)(`the viewer page in Chromium, with the shipped head${REASON}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'retinamesh-shipped-page-')), file = join(folder, 'head.html');
  let browser: Browser;
  beforeAll(async () => {
    buildViewer();
    writeFileSync(file, pageOf({ ...EMPTY_VIEW, title: 'head.safetensors', model: { base64: base64(readFileSync(SHIPPED_MODEL)) }, wasm: { base64: base64(readFileSync(WASM)) } }));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it('decodes as Node does; how many a second is printed', async () => {
    await useWasmBackend();
    const { page, complaints } = await openViewer(browser, `file://${file}`), latent = Array.from(randomLatent(3, 128)), here = decodeMesh(readFaceModel(readFileSync(SHIPPED_MODEL)), latent);
    await page.waitForFunction(() => window.retinamesh!.names().filter(Boolean).length >= 12);
    const there = await page.evaluate((z) => window.retinamesh!.decode(z), latent), most = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((top, x, i) => Math.max(top, Math.abs(x - b[i]!)), 0);
    expect(most(here.vertices, there.vertices)).toBeLessThan(1e-4);
    expect(most(here.colors, there.colors)).toBeLessThan(1e-5);
    const [alone, drawn] = await page.evaluate(() => [false, true].map((withDrawing) => window.retinamesh!.decodeTimes(40, withDrawing)));
    const rates = (times: number[]): string => `${(1000 / Math.min(...times)).toFixed(1)} at best, ${((1000 * times.length) / times.reduce((sum, x) => sum + x)).toFixed(1)} on average`;
    console.log(`decodes a second in the page, ${here.vertices.length / 3} vertices: ${rates(alone!)}; with drawing ${rates(drawn!)}`);
    expect(drawn).toHaveLength(40);
    await keepPicture(page, 'head');
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 240_000);
});

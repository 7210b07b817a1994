import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHIPPED_MODEL } from '../../src/cli/load-model.ts';
import { EXAMPLE } from '../../src/cli/reconstruct.ts';
import { writePng } from '../../src/io/node-image.ts';
import { launchChromium, NO_CHROMIUM } from '../support/chromium.ts';
import { runHere } from '../support/command-line.ts';
import { writeEggFile } from '../support/egg-file.ts';
import { noisePhoto } from '../support/egg-scene.ts';
import { buildViewer } from '../support/viewer.ts';

const NO_EXAMPLE = existsSync(SHIPPED_MODEL) && existsSync(EXAMPLE.photo) ? '' : ' [skipped: no model or example in meshes/]';

describe.skipIf(NO_CHROMIUM)(`viewer.html of a reconstruction in Chromium${NO_CHROMIUM}`, () => {
  const root = mkdtempSync(join(tmpdir(), 'retinamesh-page-')), at = (name: string): string => join(root, name);
  let browser: Browser;
  beforeAll(async () => {
    buildViewer();
    await writeEggFile(at('egg.safetensors'));
    await writePng(at('photo.png'), noisePhoto());
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(root, { recursive: true });
  });

  /** What the page draws against render.png: mean difference of a channel in 255ths where the mask is full, and how many pixels that is. */
  async function compare(folder: string): Promise<{ mean: number; count: number }> {
    const page = await (await browser.newContext({ viewport: { width: 500, height: 400 } })).newPage();
    await page.goto(`file://${join(folder, 'viewer.html')}`);
    await page.waitForFunction(() => window.retinamesh);
    const drawn = await page.evaluate(() => window.retinamesh!.renderCrop()), { data } = await sharp(readFileSync(join(folder, 'render.png'))).raw().toBuffer({ resolveWithObject: true });
    await page.context().close();
    expect(drawn).toHaveLength(data.length);
    let sum = 0, count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] !== 255) continue;
      count++;
      for (let k = 0; k < 3; k++) sum += Math.abs(drawn[i + k]! - data[i + k]!) / 3;
    }
    return { mean: sum / count, count };
  }

  it('draws the mesh as render.png shows it: at most 2/255 apart, an egg', async () => {
    expect((await runHere('reconstruct', at('photo.png'), '--box', '60,20,200,180', '--landmarks', '100,70,160,70,130,100,108,130,152,130', '--decoder', at('egg.safetensors'), '-o', at('egg'))).code).toBe(0);
    const { mean, count } = await compare(at('egg'));
    console.log(`viewer against render.png, egg: ${mean.toFixed(3)}/255 over ${count} pixels`);
    expect(count).toBeGreaterThan(5000);
    expect(mean).toBeLessThan(2);
  });

  it.skipIf(NO_EXAMPLE)(`and the face of the example${NO_EXAMPLE}`, async () => {
    expect((await runHere('reconstruct', '-o', at('face'))).code).toBe(0);
    const { mean, count } = await compare(at('face'));
    console.log(`viewer against render.png, example: ${mean.toFixed(3)}/255 over ${count} pixels`);
    expect(count).toBeGreaterThan(10_000);
    expect(mean).toBeLessThan(2);
  });
});

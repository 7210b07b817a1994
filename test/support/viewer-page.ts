import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';

/** Where pictures of the page are kept: `RETINAMESH_ARTEFACTS`, or a folder among the temporary files. */
const ARTEFACTS = process.env.RETINAMESH_ARTEFACTS ?? join(tmpdir(), 'retinamesh-artefacts');

/** Chromium says this of itself where it draws and shows pictures without a graphics card; no page causes it. */
const OWN_NOISE = /GL Driver Message .*GPU stall due to ReadPixels/;

/** A page that has started; every request beyond its own origin and every complaint, warnings too, is noted. */
export async function openViewer(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 640 }, reducedMotion: 'reduce', ...options }), page = await context.newPage(), complaints: string[] = [];
  const isOwn = (other: string): boolean => other === url || /^(data|blob):/.test(other) || (url.startsWith('http') && new URL(other).origin === new URL(url).origin);
  page.on('request', (request) => { if (!isOwn(request.url())) complaints.push(request.url()); });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type()) && !OWN_NOISE.test(message.text())) complaints.push(message.text()); });
  page.setDefaultTimeout(110_000); // on a busy machine drawing without a graphics card is slow
  await page.goto(url);
  await page.waitForFunction(() => window.retinamesh ?? !document.getElementById('failure')!.hidden); // a string would be evaluated, which the page's policy forbids
  return { page, complaints };
}

/** The canvas as the screen shows it, controls hidden. */
export async function look(page: Page): Promise<{ at(x: number, y: number): number[]; data: Buffer }> {
  await page.evaluate('document.body.classList.add("bare"); new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const { data, info } = await sharp(await page.screenshot()).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  await page.evaluate('document.body.classList.remove("bare")');
  return { data, at: (x, y) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)] };
}

/** Keeps a picture of the page as `viewer-NAME.png`. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `viewer-${name}.png`) });
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillViewerPage } from '../../../src/viewer/fill-page.ts';
import { readViewerPage } from '../../../src/viewer/page-node.ts';
import { launchChromium, NO_CHROMIUM } from '../../support/chromium.ts';
import { buildViewer, eggPage } from '../../support/viewer.ts';

describe.skipIf(NO_CHROMIUM)(`the viewer page in Chromium${NO_CHROMIUM}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'retinamesh-viewer-')), file = join(folder, 'viewer.html');
  let browser: Browser;
  beforeAll(async () => {
    buildViewer();
    writeFileSync(file, fillViewerPage(readViewerPage(), eggPage({ title: 'egg </script><script>window.broken = 1</script>' })));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** The page opened from its file; every request beyond it and every complaint is noted. */
  async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({ viewport: { width: 640, height: 480 }, reducedMotion: 'reduce', ...options });
    const page = await context.newPage(), complaints: string[] = [];
    page.on('request', (request) => { if (!request.url().startsWith('data:') && request.url() !== `file://${file}`) complaints.push(request.url()); });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
    await page.goto(`file://${file}`);
    await page.waitForFunction('window.retinamesh');
    return { page, complaints };
  }

  /** The canvas as the screen shows it, controls hidden. */
  async function look(page: Page): Promise<{ at(x: number, y: number): number[]; data: Buffer }> {
    await page.evaluate('document.body.classList.add("bare"); new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const { data, info } = await sharp(await page.screenshot()).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    await page.evaluate('document.body.classList.remove("bare")');
    return { data, at: (x, y) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)] };
  }

  it('opens from its file with its data, asks no network and complains of nothing', async () => {
    const { page, complaints } = await open();
    expect(await page.title()).toBe('egg </script><script>window.broken = 1</script> - retinamesh');
    expect(await page.evaluate('window.broken')).toBeUndefined();
    await page.click('summary');
    expect(await page.textContent('#facts')).toBe('Vertices642');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows the photograph, the mesh, its light and its edges, each by a button or a key', async () => {
    const { page } = await open();
    const start = await look(page), photo = [30, 60, 200];
    // With the whole photograph (300 x 200 in 640 x 480) its colour is at the corner, the mesh in the middle.
    await page.keyboard.press('f');
    const whole = await look(page);
    expect(whole.at(3, 240)).toEqual(photo);
    expect(whole.at(320, 10)).not.toEqual(photo);
    expect(whole.at(341, 235)).not.toEqual(photo);
    await page.click('#photo');
    expect((await look(page)).at(3, 240)).toEqual([238, 240, 243]);
    expect(await page.getAttribute('#photo', 'aria-pressed')).toBe('false');
    await page.keyboard.press('l');
    const bare = await look(page);
    expect(bare.at(341, 235)).not.toEqual(whole.at(341, 235));
    // Of the egg's mask the lower half is face: its top shows the back of the page, its middle is as it was; lines are cut with it.
    await page.keyboard.press('m');
    const face = await look(page);
    expect([face.at(341, 130), bare.at(341, 130)]).toEqual([[238, 240, 243], expect.not.arrayContaining([243])]);
    expect(face.at(341, 300)).toEqual(bare.at(341, 300));
    await page.keyboard.press('w');
    expect((await look(page)).at(341, 130)).toEqual([238, 240, 243]);
    for (const key of ['w', 'm']) await page.keyboard.press(key);
    await page.click('#wireframe');
    expect((await look(page)).data.equals(bare.data)).toBe(false);
    for (const key of ['p', 'l', 'w', 'r']) await page.keyboard.press(key);
    expect((await look(page)).data.equals(start.data)).toBe(true);
    await page.fill('#opacity', '0');
    expect((await look(page)).at(320, 240)).toEqual(photo);
    await page.context().close();
  });

  it('turns by mouse and by keys, zooms by wheel, and comes back to the fitted pose', async () => {
    const { page } = await open();
    const pose = () => page.evaluate(() => window.retinamesh!.pose);
    const start = await look(page);
    await page.mouse.move(300, 240);
    await page.mouse.down();
    await page.mouse.move(380, 220, { steps: 3 });
    await page.mouse.up();
    expect(await pose()).toMatchObject({ yaw: expect.closeTo(0.6, 6), pitch: expect.closeTo(-0.15, 6) });
    await page.mouse.wheel(0, -200);
    expect((await pose()).zoom).toBeGreaterThan(1.2);
    await page.focus('#canvas');
    await page.keyboard.press('ArrowLeft');
    expect((await pose()).yaw).toBeLessThan(0.6);
    expect((await look(page)).data.equals(start.data)).toBe(false);
    await page.click('#reset');
    expect((await look(page)).data.equals(start.data)).toBe(true);
    await page.context().close();
  });

  it('is used by fingers: one turns, two pinch', async () => {
    const { page } = await open({ hasTouch: true, viewport: { width: 390, height: 700 } });
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    await touch('touchStart', [200, 300]);
    await touch('touchMove', [240, 300]);
    await touch('touchEnd');
    expect((await page.evaluate(() => window.retinamesh!.pose)).yaw).toBeCloseTo(0.3, 6);
    await touch('touchStart', [150, 300], [250, 300]);
    await touch('touchMove', [100, 300], [300, 300]);
    await touch('touchEnd');
    const { zoom, yaw } = await page.evaluate(() => window.retinamesh!.pose);
    expect(zoom).toBeCloseTo(2, 3);
    expect(yaw).toBeCloseTo(0.3, 6);
    await page.context().close();
  });

  it.each([[1280, 800], [390, 780], [800, 360], [690, 500]])('fits %i x %i: everything is on the page and nothing covers the controls', async (width, height) => {
    const { page } = await open({ viewport: { width: 500, height: 500 } });
    await page.setViewportSize({ width, height });
    for (const id of ['photo', 'wireframe', 'light', 'face', 'opacity', 'reset', 'whole']) {
      const box = (await page.locator(`#${id}`).boundingBox())!;
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, id).toBe(true);
      expect(await page.evaluate(([x, y]) => document.elementFromPoint(x!, y!)?.id, [box.x + box.width / 2, box.y + box.height / 2])).toBe(id);
    }
    expect(await page.evaluate('document.querySelector("canvas").width')).toBe(width);
    await page.context().close();
  });

  it('follows the theme of the system', async () => {
    for (const [colorScheme, back] of [['light', [238, 240, 243]], ['dark', [20, 22, 26]]] as const) {
      const { page } = await open({ colorScheme });
      await page.click('#photo');
      expect((await look(page)).at(2, 2)).toEqual(back);
      await page.context().close();
    }
  });
});

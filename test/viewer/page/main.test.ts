import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, NO_CHROMIUM } from '../../support/chromium.ts';
import { EMPTY_VIEW, eggFace, eggPage, pageOf } from '../../support/view-data.ts';
import { look, openViewer } from '../../support/viewer-page.ts';
import { buildViewer } from '../../support/viewer.ts';

/** Of the page in the light theme. */
const BACK = [238, 240, 243], PHOTO = [30, 60, 200];

describe.skipIf(NO_CHROMIUM)(`the viewer page in Chromium, with a mesh and no model${NO_CHROMIUM}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'retinamesh-viewer-')), file = join(folder, 'viewer.html'), two = join(folder, 'two.html');
  let browser: Browser;
  beforeAll(async () => {
    buildViewer();
    writeFileSync(file, pageOf(eggPage('egg </script><script>window.broken = 1</script>')));
    writeFileSync(two, pageOf({ ...EMPTY_VIEW, title: 'two', faces: [eggFace('first'), eggFace('second')] }));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** The page with its panel folded: the canvas has all of it. */
  async function openFolded(options: BrowserContextOptions = {}): Promise<Page> {
    const { page } = await openViewer(browser, `file://${file}`, { viewport: { width: 640, height: 480 }, ...options });
    await page.keyboard.press('h');
    return page;
  }

  it('opens from its file with its data, asks no network and complains of nothing', async () => {
    const { page, complaints } = await openViewer(browser, `file://${file}`);
    expect(await page.title()).toBe('egg </script><script>window.broken = 1</script> - retinamesh');
    expect(await page.evaluate('window.broken')).toBeUndefined();
    await page.click('#pick-figures');
    expect(await page.textContent('#facts')).toBe('Vertices642');
    expect(await page.locator('#pick-directions').count()).toBe(0);
    await page.keyboard.press('?');
    expect(await page.locator('#help').isVisible()).toBe(true);
    await page.click('#help-close');
    expect(await page.locator('#help').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows the photograph, the mesh, its light and its edges, each by a button or a key', async () => {
    const page = await openFolded(), start = await look(page);
    // With the whole photograph (300 x 200 in 640 x 480) its colour is at the corner, the mesh in the middle.
    await page.keyboard.press('f');
    const whole = await look(page);
    expect(whole.at(3, 240)).toEqual(PHOTO);
    expect(whole.at(320, 10)).not.toEqual(PHOTO);
    expect(whole.at(341, 235)).not.toEqual(PHOTO);
    await page.click('#mode-photo');
    expect((await look(page)).at(341, 235)).toEqual(PHOTO);
    await page.click('#mode-render');
    expect((await look(page)).at(3, 240)).toEqual(BACK);
    expect(await page.getAttribute('#mode-render', 'aria-checked')).toBe('true');
    await page.keyboard.press('l');
    const bare = await look(page);
    expect(bare.at(341, 235)).not.toEqual(whole.at(341, 235));
    // Of the egg's mask the lower half is face: its top shows the back of the page, its middle is as it was; lines are cut with it.
    await page.keyboard.press('m');
    const face = await look(page);
    expect([face.at(341, 130), bare.at(341, 130)]).toEqual([BACK, expect.not.arrayContaining([243])]);
    expect(face.at(341, 300)).toEqual(bare.at(341, 300));
    await page.keyboard.press('w');
    expect((await look(page)).at(341, 130)).toEqual(BACK);
    for (const key of ['w', 'm']) await page.keyboard.press(key);
    await page.click('#wireframe');
    expect((await look(page)).data.equals(bare.data)).toBe(false);
    for (const key of ['1', 'l', 'w', 'r']) await page.keyboard.press(key);
    expect((await look(page)).data.equals(start.data)).toBe(true);
    await page.evaluate('document.body.classList.remove("folded")');
    await page.click('#pick-surface');
    await page.fill('#opacity', '0');
    await page.keyboard.press('h');
    expect((await look(page)).at(320, 240)).toEqual(PHOTO);
    await page.context().close();
  });

  it('shows the difference of the very pixels of render and photograph, and no turned one', async () => {
    const page = await openFolded(), at = async (x: number, y: number): Promise<number[]> => (await look(page)).at(x, y), spots = [[320, 240], [300, 160], [350, 330]] as const;
    await page.keyboard.press('3');
    const render = await Promise.all(spots.map(([x, y]) => at(x, y)));
    for (const key of ['4', 'x']) await page.keyboard.press(key);
    for (const [i, [x, y]] of spots.entries()) {
      const apart = await at(x, y);
      for (let k = 0; k < 3; k++) expect(Math.abs(apart[k]! - Math.abs(render[i]![k]! - PHOTO[k]!))).toBeLessThanOrEqual(2);
    }
    const plain = await at(320, 240);
    await page.keyboard.press('x');
    expect(await at(320, 240)).not.toEqual(plain);
    expect(await page.locator('#legend').isVisible()).toBe(true);
    await page.focus('#canvas');
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate(() => window.retinamesh!.pose)).toMatchObject({ yaw: 0, x: -24 });
    await page.context().close();
  });

  it('turns by mouse and by keys, zooms by wheel, and comes back to the first view', async () => {
    const page = await openFolded(), pose = () => page.evaluate(() => window.retinamesh!.pose), start = await look(page);
    await page.mouse.move(300, 240);
    await page.mouse.down();
    await page.mouse.move(380, 220, { steps: 3 });
    await page.mouse.up();
    expect(await pose()).toMatchObject({ yaw: expect.closeTo(0.6, 6), pitch: expect.closeTo(-0.15, 6) });
    await page.mouse.wheel(0, -200);
    await page.waitForFunction(() => window.retinamesh!.pose.zoom > 1.2);
    await page.focus('#canvas');
    await page.keyboard.press('ArrowLeft');
    expect((await pose()).yaw).toBeLessThan(0.6);
    expect((await look(page)).data.equals(start.data)).toBe(false);
    await page.click('#reset');
    expect((await look(page)).data.equals(start.data)).toBe(true);
    await page.context().close();
  });

  it('is used by fingers: one turns, two pinch', async () => {
    const { page } = await openViewer(browser, `file://${file}`, { hasTouch: true, viewport: { width: 390, height: 780 } });
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    await touch('touchStart', [200, 200]);
    await touch('touchMove', [240, 200]);
    await touch('touchEnd');
    expect((await page.evaluate(() => window.retinamesh!.pose)).yaw).toBeCloseTo(0.3, 6);
    await touch('touchStart', [150, 200], [250, 200]);
    await touch('touchMove', [100, 200], [300, 200]);
    await touch('touchEnd');
    const { zoom, yaw } = await page.evaluate(() => window.retinamesh!.pose);
    expect(zoom).toBeCloseTo(2, 3);
    expect(yaw).toBeCloseTo(0.3, 6);
    await page.context().close();
  });

  it.each([[1280, 800], [390, 780], [800, 360], [760, 500]])('fits %i x %i: everything is on the page and nothing covers the controls', async (width, height) => {
    const { page } = await openViewer(browser, `file://${file}`, { viewport: { width: 500, height: 500 } });
    await page.setViewportSize({ width, height });
    for (const id of ['mode-overlay', 'mode-difference', 'reset', 'export', 'help-button', 'fold', 'pick-surface', 'surface-colour']) {
      const box = (await page.locator(`#${id}`).boundingBox())!;
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, id).toBe(true);
      expect(await page.evaluate(([x, y]) => document.elementFromPoint(x!, y!)?.id, [box.x + box.width / 2, box.y + box.height / 2])).toBe(id);
    }
    await page.keyboard.press('h');
    await page.waitForFunction((wide) => document.querySelector('canvas')!.width === wide, width);
    await page.context().close();
  });

  it('goes from face to face by buttons, list and keys', async () => {
    const { page } = await openViewer(browser, `file://${two}`), face = () => page.evaluate(() => window.retinamesh!.state.face);
    await page.click('#pick-figures');
    await page.click('#next');
    expect(await face()).toBe(1);
    expect(await page.textContent('#facts')).toBe('Titlesecond');
    await page.keyboard.press(']');
    expect(await face()).toBe(0);
    await page.selectOption('#face-choice', '1');
    expect(await face()).toBe(1);
    await page.context().close();
  });

  it('follows the theme of the system', async () => {
    for (const [colorScheme, back] of [['light', BACK], ['dark', [20, 22, 26]]] as const) {
      const page = await openFolded({ colorScheme });
      await page.keyboard.press('3');
      expect((await look(page)).at(2, 2)).toEqual(back);
      await page.context().close();
    }
  });
});

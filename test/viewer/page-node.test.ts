import { beforeAll, expect, it } from 'vitest';
import { DATA_PLACE, TITLE_PLACE } from '../../src/viewer/fill-page.ts';
import { readViewerPage } from '../../src/viewer/page-node.ts';
import { buildViewer } from '../support/viewer.ts';

beforeAll(buildViewer);

it('is one file: nothing in it is fetched, and data and title have one place each', () => {
  const page = readViewerPage();
  expect(page.split(DATA_PLACE)).toHaveLength(2);
  expect(page.split(TITLE_PLACE)).toHaveLength(2);
  expect(page).not.toMatch(/<(script|img|iframe)[^>]*\ssrc=|<link[^>]*href="(?!data:)|@import/);
  expect(page).toContain("default-src 'none'");
  expect(page.match(/<\/script/g)).toHaveLength(2);
});

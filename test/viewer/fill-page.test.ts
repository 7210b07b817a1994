import { describe, expect, it } from 'vitest';
import { DATA_PLACE, fillViewerPage, TITLE_PLACE } from '../../src/viewer/fill-page.ts';
import type { ViewData } from '../../src/viewer/view-data.ts';
import { eggFace, eggPage } from '../support/view-data.ts';

const TEMPLATE = `<h1>${TITLE_PLACE}</h1><script type="application/json" id="data">${DATA_PLACE}</script>`;
const dataIn = (page: string): ViewData => JSON.parse(/id="data">([^<]*)<\/script>$/.exec(page)![1]!) as ViewData;

describe('fillViewerPage', () => {
  it.each(['portrait.jpg', '</script><script>alert(1)</script>', '<!--<script>', '"\'&lt;', '$& $1 $$', '\u2028/*retinamesh:data*/'])('holds %j without breaking out', (title) => {
    const page = fillViewerPage(TEMPLATE, eggPage(title, { facts: [{ label: title, value: title }] }));
    expect(dataIn(page)).toEqual(eggPage(title, { facts: [{ label: title, value: title }] }));
    expect(page.match(/<script|<!--/g)).toHaveLength(1);
    expect(page.match(/<\/script/g)).toHaveLength(1);
  });

  it('takes only a photograph that is inside the page', () => {
    const remote = (url: string) => () => fillViewerPage(TEMPLATE, { ...eggPage(), faces: [eggFace('first'), { ...eggFace('second'), photo: { url, width: 1, height: 1 } }] });
    expect(remote('photo.jpg')).toThrow(/photo.url to have a data: URL of an image, or a path on the page's own server, got photo.jpg/);
    for (const url of ['javascript:0', 'https://a/b.jpg', '//a/b.jpg', '/\\a/b.jpg']) expect(remote(url)).toThrow(/data: URL/);
    expect(dataIn(fillViewerPage(TEMPLATE, eggPage('egg', { photo: null }))).faces[0]!.photo).toBeNull();
  });

  it('refuses a template that is none', () => expect(() => fillViewerPage('<p>', eggPage())).toThrow(/template to have a place/));
});

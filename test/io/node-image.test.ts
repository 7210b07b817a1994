import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { imageFromFloats, type PixelImage, tileImages } from '../../src/io/image.ts';
import { decodeImage, encodeJpeg, encodePng, isDrawnBy, readImageFile, writePng } from '../../src/io/node-image.ts';

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'retinamesh-image-')); });
afterAll(() => rm(folder, { recursive: true, force: true }));

// 5 x 3, red falls to the right, green grows downwards, blue marks the top left pixel.
const width = 5, height = 3;
const pixel = (x: number, y: number): number[] => [240 - 40 * x, 60 * y, x + y === 0 ? 250 : 10];
const rgb = Uint8Array.from(Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => pixel(x, y))).flat(2));
const picture: PixelImage = { width, height, channels: 3, data: rgb };
const raw = (): Sharp => sharp(rgb, { raw: { width, height, channels: 3 } });
const put = async (name: string, content: Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

it('knows by its own word what drew a picture', async () => {
  const marked = await encodePng(picture, 'some drawer'), path = await put('marked.png', marked);
  expect(await readImageFile(path)).toEqual(picture);
  expect(await encodePng(picture, 'some drawer')).toEqual(marked);
  expect([await isDrawnBy(path, 'some drawer'), await isDrawnBy(path, 'some'), await isDrawnBy(await put('plain-one.png', await encodePng(picture)), 'some drawer')]).toEqual([true, false, false]);
  expect([await isDrawnBy(await put('words.png', new TextEncoder().encode('some drawer\0')), 'some drawer'), await isDrawnBy(join(folder, 'none.png'), 'some drawer')]).toEqual([false, false]);
});

describe('readImageFile', () => {
  it('reads back what writePng wrote', async () => {
    const path = join(folder, 'plain.png');
    await writePng(path, picture);
    expect(await readImageFile(path)).toEqual(picture);
  });

  it('keeps transparency when asked, that of grey pictures too', async () => {
    const path = await put('cut.png', await sharp(Uint8Array.of(200, 0, 200, 255), { raw: { width: 2, height: 1, channels: 2 } }).png().toBuffer());
    expect((await readImageFile(path)).channels).toBe(3);
    expect(await readImageFile(path, { keepAlpha: true })).toEqual({ width: 2, height: 1, channels: 4, data: Uint8Array.of(200, 200, 200, 0, 200, 200, 200, 255) });
    expect((await readImageFile(await put('opaque.png', await raw().png().toBuffer()), { keepAlpha: true })).channels).toBe(3);
  });

  it('turns a photo upright by each EXIF orientation', async () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const path = await put(`o${orientation}.png`, await raw().withMetadata({ orientation }).png().toBuffer());
      const image = await readImageFile(path);
      const turned = orientation >= 5;
      expect([image.width, image.height]).toEqual(turned ? [height, width] : [width, height]);
      // Where the stored top left pixel must be seen: the definition of the tag (row 0 / column 0 sides).
      const right = [2, 3, 6, 7].includes(orientation), bottom = [3, 4, 7, 8].includes(orientation);
      const at = 3 * ((bottom ? image.height - 1 : 0) * image.width + (right ? image.width - 1 : 0));
      expect([...image.data.subarray(at, at + 3)]).toEqual(pixel(0, 0));
    }
  });

  it('brings grey, 16-bit, CMYK and transparent images to 8-bit sRGB with three channels', async () => {
    const grey = await readImageFile(await put('grey.png', await raw().greyscale().png().toBuffer()));
    expect(grey.channels).toBe(3);
    expect(grey.data[0]).toBe(grey.data[2]);
    const deep = await readImageFile(await put('deep.png', await raw().toColourspace('rgb16').png().toBuffer()));
    expect([...deep.data].every((v, i) => Math.abs(v - rgb[i]!) <= 1)).toBe(true);
    const deepGrey = await readImageFile(await put('deepgrey.png', await raw().greyscale().toColourspace('grey16').png().toBuffer()));
    expect([...deepGrey.data].every((v, i) => Math.abs(v - grey.data[i]!) <= 1)).toBe(true);
    const red = sharp({ create: { width: 16, height: 8, channels: 3, background: '#c02020' } });
    const cmyk = await readImageFile(await put('cmyk.jpg', await red.toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer()));
    expect([cmyk.width, cmyk.height, cmyk.channels]).toEqual([16, 8, 3]);
    expect(cmyk.data[0]! - cmyk.data[1]!).toBeGreaterThan(80);
    const clear = await readImageFile(await put('clear.png', await sharp({ create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }).png().toBuffer()));
    expect([...new Set(clear.data)]).toEqual([255]);
  });

  it('refuses what is no single whole image, with what, where and what to do', async () => {
    await expect(readImageFile(join(folder, 'none.png'))).rejects.toThrow(/none\.png.*no such file/);
    await expect(readImageFile(folder)).rejects.toThrow(ArgumentError);
    await expect(readImageFile(await put('empty.jpg', new Uint8Array()))).rejects.toThrow(/empty\.jpg.*an empty file/);
    await expect(readImageFile(await put('text.png', Buffer.from('hello, this is no picture')))).rejects.toThrow(FormatError);
    const noise = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * 7919) % 251);
    const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } }).jpeg().toBuffer();
    await expect(readImageFile(await put('cut.jpg', jpeg.subarray(0, jpeg.length >> 1)))).rejects.toThrow(/cut\.jpg.*64 x 64 whole pixels/);
    const png = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } }).png().toBuffer();
    await expect(readImageFile(await put('cut.png', png.subarray(0, png.length >> 1)))).rejects.toThrow(FormatError);
    const gif = await sharp(await Promise.all([raw().png().toBuffer(), raw().negate().png().toBuffer()]), { join: { animated: true } }).gif().toBuffer();
    await expect(readImageFile(await put('moving.gif', gif))).rejects.toThrow(UnsupportedError);
  });

  it('states the pixel limit without decoding', async () => {
    const path = join(folder, 'plain2.png');
    await writePng(path, picture);
    await expect(readImageFile(path, { maxPixels: 14 })).rejects.toThrow(/at most 14 pixels, got 5 x 3 = 15/);
    // A header that claims 60,000 x 60,000 on a few bytes must be refused by the limit, not by running out of memory.
    const png = await raw().png().toBuffer();
    const lying = Uint8Array.from(png);
    new DataView(lying.buffer).setUint32(16, 60000);
    new DataView(lying.buffer).setUint32(20, 60000);
    new DataView(lying.buffer).setUint32(29, crc32(lying.subarray(12, 29)));
    await expect(readImageFile(await put('lying.png', lying))).rejects.toThrow(/at most 100000000 pixels/);
  });

  it('refuses a folder that is not there when writing', async () => {
    await expect(writePng(join(folder, 'no', 'x.png'), picture)).rejects.toThrow(ArgumentError);
  });
});

describe('PixelImage', () => {
  it('rounds floats, cuts what is outside, refuses NaN and wrong sizes', () => {
    expect([...imageFromFloats([-1, 0.5, 2], 1, 1).data]).toEqual([0, 128, 255]);
    expect(() => imageFromFloats([0, Number.NaN, 0], 1, 1)).toThrow(/values\[1\]/);
    expect(() => imageFromFloats([0, 0], 1, 1)).toThrow(/3 bytes/);
  });

  it('tiles images row by row', () => {
    const one = (v: number): PixelImage => ({ width: 1, height: 1, channels: 3, data: Uint8Array.of(v, v, v) });
    const sheet = tileImages([one(1), one(2), one(3)], 2);
    expect([sheet.width, sheet.height]).toEqual([2, 2]);
    expect([...sheet.data].filter((_, i) => i % 3 === 0)).toEqual([1, 2, 3, 0]);
    expect(() => tileImages([], 2)).toThrow(/at least one/);
  });
});

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe('encodeJpeg', () => {
  const image = { width: 60, height: 31, channels: 3 as const, data: Uint8Array.from({ length: 60 * 31 * 3 }, (_, i) => [200, 90, 30][i % 3]!) };

  it('keeps colours and shape, and makes only large images smaller', async () => {
    const whole = await decodeImage(await encodeJpeg(image)), small = await decodeImage(await encodeJpeg(image, { maxEdge: 20 }));
    expect([whole.width, whole.height, small.width, small.height]).toEqual([60, 31, 20, 10]);
    for (let k = 0; k < 3; k++) expect(Math.abs(whole.data[3 * 500 + k]! - image.data[k]!)).toBeLessThan(4);
  });

  it('refuses transparency and unknown options', async () => {
    await expect(encodeJpeg({ width: 1, height: 1, channels: 4, data: new Uint8Array(4) })).rejects.toThrow(/image to have 3 channels/);
    await expect(encodeJpeg(image, { size: 3 } as never)).rejects.toThrow(/only the keys maxEdge, quality, got size/);
  });
});

import { expect, it } from 'vitest';
import { runHere } from '../support/command-line.ts';

interface Report {
  readonly layers: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly levels: readonly { readonly stride: number; readonly anchors: number }[];
  readonly anchors: number;
  readonly parameters: number;
  readonly gflops: number;
}

async function describe(...args: string[]): Promise<Report> {
  const { code, out, err } = await runHere('model', 'describe', ...args, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Report;
}

it('has the anchors of table 2 of the paper: 102,300 at 640 x 640, three quarters of them on P2', async () => {
  const { levels, anchors } = await describe('paper-resnet152');
  expect(anchors).toBe(102_300);
  expect(levels.map((level) => level.anchors)).toEqual([76_800, 19_200, 4800, 1200, 300]);
  expect((100 * levels[0]!.anchors / anchors).toFixed(2)).toBe('75.07');
});

it('counts the parameters and operations of the published networks', async () => {
  const light = await describe('mobilenet0.25', '--size', '640x480'), heavy = await describe('resnet50');
  expect([light.parameters, heavy.parameters]).toEqual([426_608, 27_293_600]);
  expect([light.anchors, heavy.anchors]).toEqual([12_600, 16_800]);
  expect(light.gflops).toBeCloseTo(1.4715, 3); // 0.74 multiply-adds
  expect(light.layers[0]).toMatchObject({ name: 'body.stage1.0.0', shape: [240, 320, 8] });
});

it('adds the dense head: 144 numbers an anchor', async () => {
  const without = await describe(), withDense = await describe('--dense');
  expect(withDense.parameters - without.parameters).toBe(3 * 2 * 144 * (64 + 1));
});

it('prints a table for people, and says what it does not know', async () => {
  expect((await runHere('model', 'describe')).out).toContain('16,800 anchors, 426,608 parameters, 1.962 GFLOP (two to a multiply-add)');
  expect((await runHere('model', 'describe', '--help')).out).toContain('(default: 640x640)');
  expect(await runHere('model', 'describe', 'resnet18')).toMatchObject({ code: 2, err: expect.stringContaining('Allowed choices are mobilenet0.25') });
  expect(await runHere('model', 'describe', '--size', '640')).toMatchObject({ code: 2, err: expect.stringContaining('Give width and height in pixels with an x between') });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { addCommonOptions, parseNumber, parseNumbers } from '../../src/cli/context.ts';
import { runHere } from '../support/command-line.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-config-')), file = join(root, 'config.json');
afterAll(() => rmSync(root, { recursive: true }));

function parse(config: unknown, ...args: string[]): Record<string, unknown> {
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  let options = {};
  addCommonOptions(program.command('x').requiredOption('--look-at <x,y,z>', '', parseNumbers(3)).option('--size <n>', '', parseNumber({ max: 9 }), 5).option('--no-reorder', '').option('--tta [edges]', '', (text) => text.split(','))).action((given: object) => { options = given; });
  program.parse(['x', ...args], { from: 'user' });
  return options;
}

describe('--config', () => {
  it('gives options by either name, even one that is required; flags win on both sides of it', () => {
    const config = { 'look-at': [1, 2, 3], size: 7, reorder: false, json: true };
    expect(parse(config, '--config', file)).toMatchObject({ lookAt: [1, 2, 3], size: 7, reorder: false, json: true, backend: 'auto' });
    expect(parse({ lookAt: '1,2,3' }, '--config', file)).toMatchObject({ lookAt: [1, 2, 3], size: 5, reorder: true, json: false });
    expect(parse(config, '--size', '4', '--config', file, '--look-at', '4,5,6')).toMatchObject({ lookAt: [4, 5, 6], size: 4 });
  });

  it('takes a switch by its negative name, and true for a value that may be left out', () => {
    const at = { 'look-at': [1, 2, 3] };
    expect(['no-reorder', 'reorder'].flatMap((name) => [true, false].map((value) => parse({ ...at, [name]: value }, '--config', file).reorder))).toEqual([false, true, true, false]);
    expect([true, false, [5, 6], '7'].map((tta) => parse({ ...at, tta }, '--config', file).tta)).toEqual([true, undefined, ['5', '6'], ['7']]);
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown name', { sizes: 4 }, /config\.json: expected options to have only the names look-at, size, no-reorder, tta, backend, json, got sizes/],
    ['a config in a config', { config: 'a' }, /only the names/],
    ['a value out of range', { size: 10 }, /expected size to have a value that --size takes, got 10: Give a number between/],
    ['NaN', { 'look-at': [1, null, 3] }, /expected look-at to have text, a number or a list of them/],
    ['a choice that is none', { backend: 'gpu' }, /value that --backend takes, got gpu: Allowed choices are auto, wasm, tensorflow, cpu/],
    ['text for a switch', { json: 'yes' }, /expected json to have true or false, got "yes"/],
    ['a list', [1], /expected the text at its start to have a JSON object of options, got \[1\]/],
    ['half a file', '{ "size": ', /to have JSON/],
  ])('refuses %s', (_, config, message) => expect(() => parse(config, '--config', file)).toThrow(message));

  it('is on every command, and a missing file is one line', async () => {
    const { code, err } = await runHere('doctor', '--config', join(root, 'none.json'));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^retinamesh: --config: expected .*none\.json to have a readable file, got no such file\n$/) });
  });
});

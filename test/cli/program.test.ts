import { expect, it } from 'vitest';
import { describeFailure } from '../../src/cli/program.ts';
import { ArgumentError } from '../../src/core/errors.ts';
import { runHere } from '../support/command-line.ts';

it('prints help with defaults on stdout and exits 0', async () => {
  const { code, out, err } = await runHere('doctor', '--help');
  expect(code).toBe(0);
  expect(out).toMatch(/--backend <name>[\s\S]*default: "auto"[\s\S]*--json/);
  expect(err).toBe('');
});

it.each([
  [['nope'], "unknown command 'nope'"],
  [['doctor', '--bogus'], "unknown option '--bogus'"],
  [['doctor', '--backend', 'gpu'], 'Allowed choices are auto, wasm, tensorflow, cpu'],
  [['doctor', 'extra'], 'too many arguments'],
])('calls %j misuse: one line, exit 2', async (args, message) => {
  const { code, out, err } = await runHere(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
  expect(out).toBe('');
});

it('describes a typed error by its message, anything else as a bug, on one line', () => {
  expect(describeFailure(new ArgumentError('f', 'x', 'a sign', 'none'))).toBe('retinamesh: f: expected x to have a sign, got none');
  expect(describeFailure(new TypeError('a\n b'))).toBe('retinamesh: internal error: a b; RETINAMESH_DEBUG=1 shows where, please report it');
});

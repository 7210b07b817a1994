import { expect, it } from 'vitest';
import { printable } from '../../src/cli/printable.ts';

it('writes control characters out and leaves all else', () => {
  expect(printable('a\nb\r\t\x00\x1b[2J\x7f\x9b')).toBe('a\\nb\\r\\t\\u0000\\u001b[2J\\u007f\\u009b');
  expect(printable('ünï-面 "\'\\ 😀.jpg')).toBe('ünï-面 "\'\\ 😀.jpg');
});

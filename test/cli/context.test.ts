import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, openSession, parseNumber, parseNumbers, withCommand } from '../../src/cli/context.ts';
import { ArgumentError } from '../../src/core/errors.ts';

async function runAction(args: string[], action: (context: CommandContext, options: CommonOptions, name: string) => Promise<CommandResult>, columns: number | null = null) {
  let out = '', err = '';
  const program = new Command().exitOverride();
  const session = openSession(program, { out: (text) => { out += text; }, err: (text) => { err += text; }, columns });
  addCommonOptions(program.command('x').argument('<name>')).action(withCommand(action));
  await program.parseAsync(args, { from: 'user' });
  return { out, err, code: session.exitCode };
}

describe('withCommand', () => {
  const result: CommandResult = { record: { a: 1 }, text: 'one' };

  it('prints the text, or the record with --json', async () => {
    expect(await runAction(['x', 'n'], async () => result)).toEqual({ out: 'one\n', err: '', code: 0 });
    expect(JSON.parse((await runAction(['x', 'n', '--json'], async () => result)).out)).toEqual({ a: 1 });
  });

  it('hands over options and positional arguments', async () => {
    const { out } = await runAction(['x', 'n', '--backend', 'cpu'], async (_, { backend, json }, name) => ({ record: 0, text: `${backend} ${json} ${name}` }));
    expect(out).toBe('cpu false n\n');
  });

  it('turns a no into exit 1', async () => {
    expect((await runAction(['x', 'n'], async () => ({ ...result, failed: true }))).code).toBe(1);
  });

  it('shows progress on stderr: plain lines five seconds apart, one line rewritten on a terminal', async () => {
    const work = async (context: CommandContext): Promise<CommandResult> => {
      for (let done = 1; done <= 20; done++) context.progress({ label: 'fit', done, total: 20, seconds: done / 2 });
      return result;
    };
    expect((await runAction(['x', 'n'], work)).err).toBe('fit 10/20 (50 %) 5.0 s, 5.0 s to go\nfit 20/20 (100 %) 10.0 s, 0.0 s to go\n');
    const { err } = await runAction(['x', 'n'], work, 30);
    expect(err.split('\r\x1b[K')).toHaveLength(22);
    expect(err.endsWith('\r\x1b[K')).toBe(true);
    expect(Math.max(...err.split('\r\x1b[K').map((line) => line.length))).toBeLessThan(30);
  });
});

describe('parseNumber and parseNumbers', () => {
  it('take numbers', () => {
    expect(parseNumber()('-2.5e1')).toBe(-25);
    expect(parseNumbers(4)('-1, 2,3.5,4')).toEqual([-1, 2, 3.5, 4]);
  });

  it('say the bounds that there are', () => {
    expect(() => parseNumber({ min: 1, whole: true })('0')).toThrow('Give a whole number of at least 1.');
    expect(() => parseNumber({ min: 1, max: 9 })('0')).toThrow('Give a number between 1 and 9.');
    expect(() => parseNumber()('x')).toThrow('Give a number.');
  });

  it.each(['', ' ', 'NaN', 'Infinity', '1x', '7'])('refuse %j', (text) => {
    expect(() => parseNumber({ max: 6 })(text)).toThrow(/Give a number/);
    if (text !== '7') expect(() => parseNumbers(2)(`1,${text}`)).toThrow(/Give 2 numbers/);
  });

  it.each(['1', '1,2,', '1,2,3', '1;2'])('refuse %j as two numbers', (text) => expect(() => parseNumbers(2)(text)).toThrow(/Give 2 numbers/));

  it('refuses a fraction where a whole number is due', () => expect(() => parseNumber({ whole: true })('1.5')).toThrow(/whole/));
});

it('advises on typed errors only', async () => {
  await expect(advise('do this', () => { throw new ArgumentError('f', 'x', 'y', 'z'); })).rejects.toThrow(/got z; do this$/);
  await expect(advise('do this', () => { throw new Error('bug'); })).rejects.toThrow(/^bug$/);
});

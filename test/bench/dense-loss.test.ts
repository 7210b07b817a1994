import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';

const BUILT = existsSync('dist/cli/main.js');

it.skipIf(!BUILT)(`dense-loss.mjs prints a row for each weighting${BUILT ? '' : ' [skipped: no dist; npm run build]'}`, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/bench/dense-loss.mjs', '--portraits', 'nowhere', '--scenes', '1', '--steps', '3', '--strengths', '300', '--norms', 'l2', '--json'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'no nowhere: scenes only\n' });
  const rows = stdout.trim().split('\n').map((line) => JSON.parse(line) as { weighting: string; nme: number | null; reprojection: number });
  expect(rows.map(({ weighting, nme }) => [weighting, nme])).toEqual([['paper', null], ['covered', null], ['face', null]]);
  for (const { reprojection } of rows) expect(reprojection).toBeGreaterThan(0);
});

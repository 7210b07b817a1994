import { expect } from 'vitest';
import { ArgumentError, FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { createRandom } from '../../src/core/random.ts';
import { assertTriangleMesh, type TriangleMesh } from '../../src/mesh/triangle-mesh.ts';
import { damage } from './hostile.ts';

/**
 * Reads `count` damaged copies of `files`: each must give a result that `check` accepts, or a typed error on one line, within two
 * seconds and without the process growing by more than 256 MiB.
 */
export async function expectTypedOrValid<T>(read: (bytes: Uint8Array) => T | Promise<T>, check: (result: T) => void, files: readonly Uint8Array[], count: number, seed: number): Promise<{ refused: number; read: number }> {
  const random = createRandom(seed), tally = { refused: 0, read: 0 }, resident = process.memoryUsage.rss();
  for (let i = 0; i < count; i++) {
    const bytes = damage(files[i % files.length]!, random), begin = performance.now();
    try {
      check(await read(bytes));
      tally.read++;
    } catch (error) {
      const typed = error instanceof FormatError || error instanceof ArgumentError || error instanceof UnsupportedError;
      if (!typed) throw new Error(`mutant ${i} of seed ${seed}`, { cause: error });
      expect(error.message).toMatch(/^[^\n]+$/);
      tally.refused++;
    }
    expect(performance.now() - begin, `mutant ${i} of seed ${seed}, ms`).toBeLessThan(2000);
  }
  expect((process.memoryUsage.rss() - resident) / 2 ** 20, 'MiB grown').toBeLessThan(256);
  return tally;
}

/** {@link expectTypedOrValid} of a mesh file: a valid mesh has vertices, and colours in [0, 1] where it has any. */
export async function expectSurvives(read: (bytes: Uint8Array) => TriangleMesh | Promise<TriangleMesh>, files: readonly Uint8Array[], count: number, seed: number): Promise<{ refused: number; read: number }> {
  return expectTypedOrValid(read, (mesh) => {
    assertTriangleMesh('mutant', mesh);
    expect(mesh.vertices.length).toBeGreaterThan(0);
    for (const color of mesh.colors ?? []) if (!(color >= 0 && color <= 1)) throw new Error(`colour ${color}`);
  }, files, count, seed);
}

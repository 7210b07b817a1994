import fc from 'fast-check';
import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { meshAdjacency } from '../../src/mesh/adjacency.ts';
import { LAPLACIAN_PRESETS, laplacian, scaledLaplacian } from '../../src/mesh/laplacian.ts';
import { csrFromTriplets } from '../../src/sparse/csr-from-triplets.ts';
import { expectClose } from '../support/close.ts';
import { densify, randomGraph } from '../support/sparse.ts';

const math = create(all!);
const KINDS = ['sym', 'rw', 'combinatorial'] as const;
const EXACT = { rtol: 1e-12, atol: 1e-13 };
const EMPTY = csrFromTriplets([0, 0], [], [], new Float64Array(0));

// Two triangles at an edge, a third face at that edge, a degenerate face, an isolated vertex 6.
const FACES = Int32Array.of(0, 1, 2, 0, 2, 3, 0, 2, 4, 4, 5, 5);

describe('meshAdjacency', () => {
  it('has each edge once, whatever touches it', () => {
    const rows = densify(meshAdjacency(FACES, 7));
    expect(rows[0]).toEqual([0, 1, 1, 1, 1, 0, 0]);
    expect(rows[4]).toEqual([1, 0, 1, 0, 0, 1, 0]);
    expect(rows[6]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(rows).toEqual((math.transpose(rows) as number[][]));
  });

  it('counts faces under coma weights', () => {
    const rows = densify(meshAdjacency(FACES, 7, { weights: 'coma' }));
    expect(rows[0]).toEqual([0, 1, 3, 1, 1, 0, 0]);
    expect(rows[4]).toEqual([1, 0, 1, 0, 0, 1, 0]);
    const inside = densify(meshAdjacency(Int32Array.of(0, 1, 2, 0, 2, 3), 4, { weights: 'coma' }));
    expect(inside[0]).toEqual([0, 1, 2, 1]);
  });

  it('refuses a stray index and an unknown weighting', () => {
    expect(() => meshAdjacency(Int32Array.of(0, 1, 3), 3)).toThrow('faces[0] to have indices in [0, 3), got 3');
    expect(() => meshAdjacency(FACES, 7, { weights: 'cot' as 'coma' })).toThrow('value binary or coma');
  });
});

describe('laplacian', () => {
  it('matches its definition in mathjs', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 12 }), fc.integer(), (size, seed) => {
      const graph = randomGraph(size, seed, { weighted: true }), a = densify(graph);
      const degree = a.map((row) => row.reduce((x, y) => x + y, 0));
      const power = (p: number): number[][] => degree.map((d, i) => degree.map((_, j) => (i === j && d > 0 ? d ** p : 0)));
      const eye = math.identity(size).valueOf() as number[][];
      const expected = {
        sym: math.subtract(eye, math.multiply(power(-0.5), a, power(-0.5))),
        rw: math.subtract(eye, math.multiply(power(-1), a)),
        combinatorial: math.subtract(power(1), a),
      };
      for (const kind of KINDS) expectClose(densify(laplacian(graph, kind)).flat(), (expected[kind] as number[][]).flat(), EXACT);
    }), { numRuns: 30, seed: 5 });
  });

  it('gives an isolated vertex the diagonal asked for', () => {
    const graph = meshAdjacency(FACES, 7);
    expect(densify(laplacian(graph))[6]![6]).toBe(1);
    expect(densify(laplacian(graph, 'rw', { isolated: 0 }))[6]![6]).toBe(0);
    expect(densify(laplacian(graph, 'combinatorial'))[6]![6]).toBe(0);
  });

  it('refuses a rectangle, a negative weight and an unknown kind', () => {
    expect(() => laplacian(csrFromTriplets([1, 2], [0], [1], Float64Array.of(1)))).toThrow('a square shape');
    expect(() => laplacian(csrFromTriplets([2, 2], [0, 1], [1, 0], Float64Array.of(-1, -1)))).toThrow('a weight of at least 0, got -1');
    expect(() => laplacian(EMPTY, 'none' as 'sym')).toThrow('value sym, rw or combinatorial, got none');
  });
});

describe('scaledLaplacian', () => {
  it('is 2 L / lambdaMax - I with a spectrum in [-1, 1]', () => {
    for (const kind of KINDS) {
      const matrix = laplacian(meshAdjacency(FACES, 7), kind), scaled = densify(scaledLaplacian(matrix, 'auto'));
      const spectrum = (math.eigs(scaled).values as number[]).map(Number);
      expectClose([Math.max(...spectrum)], [1], EXACT);
      expect(Math.min(...spectrum)).toBeGreaterThanOrEqual(-1 - 1e-12);
      const lambda = Math.max(...(math.eigs(densify(matrix)).values as number[]).map(Number));
      expectClose(scaled.flat(), densify(matrix).flatMap((row, i) => row.map((x, j) => 2 * x / lambda - (i === j ? 1 : 0))), { rtol: 1e-11, atol: 1e-11 });
    }
  });

  it('is -D^-1/2 A D^-1/2 by default, without entries on the diagonal; an isolated row is empty, or -1 in Chung\'s convention', () => {
    const graph = meshAdjacency(FACES, 7), scaled = scaledLaplacian(laplacian(graph));
    expect(scaled.values).toHaveLength(graph.values.length);
    expect(densify(scaled)[6]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(densify(scaledLaplacian(laplacian(graph, 'sym', { isolated: 0 })))[6]![6]).toBe(-1);
    expect(densify(scaledLaplacian(laplacian(graph, 'combinatorial'), 'auto'))[6]![6]).toBe(-1);
  });

  it('refuses a bound that the spectrum exceeds and names the eigenvalue', () => {
    const matrix = laplacian(meshAdjacency(FACES, 7), 'combinatorial');
    const lambda = Math.max(...(math.eigs(densify(matrix)).values as number[]).map(Number));
    expect(() => scaledLaplacian(matrix)).toThrow(`at least ${lambda.toFixed(12).slice(0, 6)}`);
    expect(() => scaledLaplacian(matrix, lambda * (1 - 1e-4))).toThrow("or 'auto', got");
    expect(() => scaledLaplacian(matrix, lambda * (1 + 1e-9))).not.toThrow();
    expect(() => scaledLaplacian(csrFromTriplets([2, 2], [0, 1], [0, 1], Float64Array.of(1, -0.5)))).toThrow('no eigenvalue below 0, got -0.5');
    expect(() => scaledLaplacian(matrix, 0)).toThrow("a positive number or 'auto', got 0");
    expect(() => scaledLaplacian(matrix, NaN)).toThrow("a positive number or 'auto', got NaN");
  });

  it('handles no vertex, one vertex and no edge', () => {
    expect(scaledLaplacian(EMPTY).shape).toEqual([0, 0]);
    const edgeless = meshAdjacency(new Int32Array(0), 2);
    for (const kind of KINDS) expect(densify(scaledLaplacian(laplacian(edgeless, kind), 2))).toEqual(kind === 'combinatorial' ? [[-1, 0], [0, -1]] : [[0, 0], [0, 0]]);
    expect(densify(scaledLaplacian(laplacian(edgeless, 'combinatorial'), 'auto'))).toEqual([[-1, 0], [0, -1]]);
  });

  it.each(Object.entries(LAPLACIAN_PRESETS))('accepts preset %s', (_, { kind, weights, lambdaMax, isolated }) => {
    const scaled = scaledLaplacian(laplacian(meshAdjacency(FACES, 7, { weights }), kind, { isolated }), lambdaMax);
    expect(Math.max(...(math.eigs(densify(scaled)).values as number[]).map(Number))).toBeLessThanOrEqual(1 + 1e-12);
  });
});

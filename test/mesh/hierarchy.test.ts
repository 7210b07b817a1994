import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClosestPoint } from '../../src/mesh/closest-point.ts';
import { buildHierarchy, type Hierarchy } from '../../src/mesh/hierarchy.ts';
import { csrTimesDense } from '../../src/sparse/csr-times-dense.ts';
import { multiplyCsr } from '../../src/sparse/multiply-csr.ts';
import { validateCsr } from '../../src/sparse/validate-csr.ts';
import { expectClose } from '../support/close.ts';
import { icosphere, joined, moved, sheet, soup } from '../support/meshes.ts';
import { densify } from '../support/sparse.ts';

const sizes = ({ levels }: Hierarchy): number[] => levels.map(({ vertices }) => vertices.length / 3);
const identity = (n: number): number[][] => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));

// What every hierarchy promises, whatever the mesh.
function expectSound(hierarchy: Hierarchy, input: { vertices: Float64Array; faces: Int32Array }): void {
  const { levels, downTransforms, upTransforms, permutation } = hierarchy;
  expect([...permutation].sort((a, b) => a - b)).toEqual([...permutation.keys()]);
  const [finest] = levels;
  permutation.forEach((source, i) => expect([...finest!.vertices.slice(3 * i, 3 * i + 3)]).toEqual([...input.vertices.slice(3 * source, 3 * source + 3)]));
  expect(finest!.faces.map((v) => permutation[v]!)).toEqual(input.faces);
  levels.slice(1).forEach((coarse, i) => {
    const down = downTransforms[i]!, up = upTransforms[i]!, fineCount = levels[i]!.vertices.length / 3, coarseCount = coarse.vertices.length / 3;
    expect(down.shape).toEqual([coarseCount, fineCount]);
    expect(up.shape).toEqual([fineCount, coarseCount]);
    validateCsr('test', 'down', down);
    validateCsr('test', 'up', up);
    expect(csrTimesDense(down, levels[i]!.vertices, 3)).toEqual(coarse.vertices);
    expect(densify(multiplyCsr(down, up))).toEqual(identity(coarseCount));
    expectClose(csrTimesDense(up, new Float64Array(coarseCount).fill(1), 1), new Float64Array(fineCount).fill(1), { rtol: 1e-7, atol: 0 });
    expect(Math.min(...up.values)).toBeGreaterThan(0);
    expect(up.values).toEqual(Float64Array.from(Float32Array.from(up.values)));
    for (const v of coarse.faces) expect(v >= 0 && v < coarseCount).toBe(true);
  });
}

describe('buildHierarchy', () => {
  it('keeps its promises on a sphere, close to the surface', () => {
    const mesh = icosphere(3), hierarchy = buildHierarchy(mesh, { levels: 3 });
    expectSound(hierarchy, mesh);
    expect(sizes(hierarchy)).toEqual([642, 161, 41, 11]);
    hierarchy.levels.slice(1).forEach((level, i) => {
      expect(level.faces.length / 3).toBe(2 * (level.vertices.length / 3) - 4);
      const closest = createClosestPoint(level);
      const worst = Math.max(...Array.from({ length: 642 }, (_, v) => closest(mesh.vertices[3 * v]!, mesh.vertices[3 * v + 1]!, mesh.vertices[3 * v + 2]!).distance));
      expect(worst).toBeLessThan([0.05, 0.2, 0.5][i]!);
    });
  });

  it('keeps its promises on any soup of triangles, in either way of up-sampling', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 60 }), fc.integer(), fc.boolean(), fc.boolean(), (vertices, faces, seed, reorder, connected) => {
      const mesh = soup(vertices, faces, seed), hierarchy = buildHierarchy(mesh, { levels: 3, factor: 2, reorder, upSampling: connected ? 'connected' : 'nearest' });
      expectSound(hierarchy, mesh);
      const halves = [vertices, Math.ceil(vertices / 2)].flatMap((n, i) => (i ? [n, Math.ceil(n / 2), Math.ceil(Math.ceil(n / 2) / 2)] : [n]));
      expect(sizes(hierarchy)).toEqual(halves);
    }), { numRuns: 60, seed: 6 });
  });

  it('reproduces a flat sheet exactly, border included', () => {
    const mesh = sheet(13, 9), { levels, upTransforms } = buildHierarchy(mesh, { levels: 2 });
    const up = csrTimesDense(upTransforms[0]!, csrTimesDense(upTransforms[1]!, levels[2]!.vertices, 3), 3);
    expectClose(up, levels[0]!.vertices, { rtol: 0, atol: 1e-5 });
  });

  it('never ties a vertex to another component that it touches, unless asked for the nearest surface', () => {
    const upper = sheet(9, 9, (x, y) => 0.5 * Math.sin(x) * Math.cos(y)), mesh = joined(upper, moved(upper, [0, 0, 0.05]));
    const crossings = (upSampling: 'connected' | 'nearest'): number => {
      const { permutation, levels, upTransforms: [up], downTransforms: [down] } = buildHierarchy(mesh, { levels: 1, upSampling });
      const side = (fine: number): boolean => permutation[fine]! >= 81;
      let count = 0;
      for (let v = 0; v < levels[0]!.vertices.length / 3; v++) {
        for (let p = up!.rowPtr[v]!; p < up!.rowPtr[v + 1]!; p++) if (side(v) !== side(down!.colIndex[up!.colIndex[p]!]!)) count++;
      }
      return count;
    };
    expect(crossings('connected')).toBe(0);
    expect(crossings('nearest')).toBeGreaterThan(0);
  });

  it('gives the same bits twice, and the same levels whatever the order of a call', () => {
    const mesh = icosphere(2);
    expect(buildHierarchy(mesh)).toEqual(buildHierarchy({ vertices: mesh.vertices.slice(), faces: mesh.faces.slice() }));
  });

  it('keeps more vertices where they are important', () => {
    const mesh = icosphere(3), importance = Float64Array.from({ length: 642 }, (_, v) => (mesh.vertices[3 * v]! > 0.5 ? 20 : 1));
    const share = (h: Hierarchy): number => { const x = h.levels[1]!.vertices.filter((_, i) => i % 3 === 0); return x.filter((value) => value > 0.5).length / x.length; };
    expect(share(buildHierarchy(mesh, { levels: 1, importance }))).toBeGreaterThan(1.5 * share(buildHierarchy(mesh, { levels: 1 })));
  });

  it('carries colours, takes float32 and a factor per level', () => {
    const mesh = sheet(5, 5), colors = mesh.vertices.map((x) => x / 4);
    const hierarchy = buildHierarchy({ vertices: Float32Array.from(mesh.vertices), faces: mesh.faces, colors: Float32Array.from(colors) }, { levels: 2, factor: [2, 3] });
    expect(sizes(hierarchy)).toEqual([25, 13, 5]);
    for (const level of hierarchy.levels) expect(level.colors).toEqual(level.vertices.map((x) => x / 4));
  });

  it('gives neighbours near places', () => {
    const spread = (reorder: boolean): number => {
      const { faces } = buildHierarchy(icosphere(4), { levels: 0, reorder }).levels[0]!;
      return faces.reduce((sum, v, i) => sum + Math.abs(v - faces[i % 3 === 2 ? i - 2 : i + 1]!), 0) / faces.length;
    };
    expect(spread(true)).toBeLessThan(0.2 * spread(false));
  });

  it('refuses what it cannot use', () => {
    const mesh = sheet(3, 3);
    expect(() => buildHierarchy({ vertices: new Float64Array(0), faces: new Int32Array(0) })).toThrow('buildHierarchy: expected mesh to have at least one vertex, got none');
    expect(() => buildHierarchy(mesh, { levels: -1 })).toThrow('levels to have an integer in [0, 32], got -1');
    expect(() => buildHierarchy(mesh, { factor: 0.5 })).toThrow('a number of at least 1');
    expect(() => buildHierarchy(mesh, { levels: 2, factor: [2] })).toThrow('or 2 of them');
    expect(() => buildHierarchy(mesh, { importance: [1] })).toThrow('importance to have length 9, got 1');
    expect(() => buildHierarchy(mesh, { importance: new Float64Array(9) })).toThrow('importance[0] to have a positive value, got 0');
    expect(() => buildHierarchy(mesh, { upSampling: 'far' as 'nearest' })).toThrow('value connected or nearest');
    expect(() => buildHierarchy({ ...mesh, vertices: mesh.vertices.with(4, NaN) })).toThrow('finite coordinates, got NaN');
    expect(() => buildHierarchy(mesh, { level: 3 } as object)).toThrow('only the keys');
  });
});

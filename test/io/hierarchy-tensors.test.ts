import { describe, expect, it } from 'vitest';
import { hierarchyFromTensors, hierarchyToTensors } from '../../src/io/hierarchy-tensors.ts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../src/io/safetensors.ts';
import { buildHierarchy } from '../../src/mesh/hierarchy.ts';
import { icosphere, joined, sheet, soup } from '../support/meshes.ts';

const through = (tensors: Record<string, SafeTensor>): Record<string, SafeTensor> => readSafetensors(writeSafetensors(tensors)).tensors;

describe('hierarchy tensors', () => {
  it('return the hierarchy to the bit, through a file', () => {
    const base = joined(icosphere(2), sheet(5, 7), soup(20, 9, 3));
    for (const mesh of [base, { ...base, vertices: base.vertices.map(Math.fround), colors: base.vertices.map((x) => x / 9) }, soup(7, 0, 1)]) {
      const hierarchy = buildHierarchy(mesh, { levels: 3 });
      expect(hierarchyFromTensors(through(hierarchyToTensors(hierarchy)))).toEqual(hierarchy);
    }
  });

  it('pack indices into 16 bits and coordinates into 32 where nothing is lost', () => {
    const tensors = hierarchyToTensors(buildHierarchy(sheet(9, 9), { levels: 1 }));
    expect(Object.fromEntries(Object.entries(tensors).map(([name, { dtype }]) => [name, dtype]))).toEqual({
      'hierarchy.vertices': 'F32', 'hierarchy.permutation': 'U16', 'hierarchy.faces.0': 'U16', 'hierarchy.faces.1': 'U16', 'hierarchy.kept.0': 'U16',
      'hierarchy.up.0.count': 'U8', 'hierarchy.up.0.index': 'U16', 'hierarchy.up.0.weight': 'F32',
    });
    expect(hierarchyToTensors(buildHierarchy(icosphere(1), { levels: 0 }))['hierarchy.vertices']!.dtype).toBe('F64');
  });

  const good = hierarchyToTensors(buildHierarchy(sheet(5, 5), { levels: 1, reorder: false }));
  const edit = (name: string, change: (data: Float32Array) => void): Record<string, SafeTensor> => {
    const tensor = good[`hierarchy.${name}`]!, data = tensor.data.slice() as Float32Array;
    change(data);
    return { ...good, [`hierarchy.${name}`]: { ...tensor, data } };
  };
  const without = (name: string): Record<string, SafeTensor> => Object.fromEntries(Object.entries(good).filter(([key]) => key !== `hierarchy.${name}`));

  it.each<[string, Record<string, SafeTensor>, RegExp]>([
    ['no vertices', without('vertices'), /tensor hierarchy.vertices to have a place in the file/],
    ['a missing level', without('faces.1'), /hierarchy.faces.1/],
    ['missing weights', without('up.0.weight'), /hierarchy.up.0.weight/],
    ['NaN', edit('vertices', (x) => { x[4] = NaN; }), /finite numbers, got NaN at 4/],
    ['a face out of range', edit('faces.1', (x) => { x[1] = 7; }), /faces.1 to have integers in \[0, 7\), got 7 at 1/],
    ['a repeated permutation', edit('permutation', (x) => { x[1] = 0; }), /each index once/],
    ['kept vertices out of order', edit('kept.0', (x) => { x.reverse(); }), /ascending indices/],
    ['weights that do not sum to one', edit('up.0.weight', (x) => { x[0] = 0.5; }), /rows that sum to 1, got 0.5 in row 0/],
    ['a negative weight', edit('up.0.weight', (x) => { x[0] = -1; }), /positive weights/],
    ['counts that lie', edit('up.0.count', (x) => { x[0] = 2; }), /shape \[/],
    ['a kept vertex that copies another', edit('up.0.index', (x) => { x[0] = 1; }), /kept vertices that copy themselves/],
    ['a flat shape', { ...good, 'hierarchy.vertices': { dtype: 'F32', shape: [75], data: new Float32Array(75) } }, /shape \[any,3\], got \[75\]/],
  ])('refuse %s', (_, tensors, message) => {
    expect(() => hierarchyFromTensors(tensors)).toThrow(message);
    expect(() => hierarchyFromTensors(tensors)).toThrow(expect.objectContaining({ name: 'FormatError' }));
  });
});

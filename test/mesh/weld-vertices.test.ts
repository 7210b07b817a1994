import { describe, expect, it } from 'vitest';
import { weldVertices } from '../../src/mesh/weld-vertices.ts';
import { icosphere, soup } from '../support/meshes.ts';

describe('weldVertices', () => {
  it('joins what lies at one place, the first one with its colour and order', () => {
    const mesh = { vertices: Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, -0, 2, 0, 0), faces: Int32Array.of(0, 1, 2, 2, 3, 4, 1, 3, 4), colors: Float64Array.from({ length: 15 }, (_, i) => i / 15) };
    const { mesh: welded, weldedInto } = weldVertices(mesh);
    expect([...weldedInto]).toEqual([0, 1, 2, 1, 3]);
    expect([...welded.vertices]).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0, 2, 0, 0]);
    expect([...welded.faces]).toEqual([0, 1, 2, 2, 1, 3]);
    expect([...welded.colors!.slice(9)]).toEqual([12 / 15, 13 / 15, 14 / 15]);
  });

  it('leaves a mesh without seams as it is', () => {
    const sphere = icosphere(2);
    expect(weldVertices(sphere).mesh).toEqual(sphere);
    const scattered = soup(9, 0, 1);
    expect(weldVertices(scattered).mesh).toEqual(scattered);
  });

  it('refuses an invalid mesh', () => {
    expect(() => weldVertices({ vertices: Float64Array.of(0, 0, 0), faces: Int32Array.of(0, 0, 1) })).toThrow('indices in [0, 1)');
  });
});

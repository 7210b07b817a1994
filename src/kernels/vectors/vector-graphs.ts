import { meshAdjacency } from '../../mesh/adjacency.ts';
import { laplacian, type LaplacianKind, scaledLaplacian } from '../../mesh/laplacian.ts';
import type { CsrMatrix } from '../../sparse/csr-matrix.ts';
import { largestEigenvalue } from '../../sparse/largest-eigenvalue.ts';
import type { VectorArray } from './vector-arrays.ts';

export const VECTOR_LAPLACIANS = ['sym', 'rw', 'combinatorial'] as const satisfies readonly LaplacianKind[];

/** A graph of the test vectors: the edges of a mesh, and its scaled Laplacians. */
export interface VectorGraph {
  readonly name: string;
  readonly about: string;
  readonly vertexCount: number;
  readonly faces: Int32Array;
  readonly operators: Readonly<Record<LaplacianKind, { readonly lambdaMax: number; readonly matrix: CsrMatrix<Float64Array> }>>;
}

/** An octahedron whose faces are split in four `depth` times, its vertices on the unit sphere: 6, 18, 66, 258 of them. */
export function subdividedOctahedron(depth: number): { readonly faces: Int32Array; readonly vertexCount: number; point(v: number): [number, number, number] } {
  const points: [number, number, number][] = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]];
  let faces = [0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5];
  for (let d = 0; d < depth; d++) {
    const middles = new Map<string, number>(), fine: number[] = [];
    const middle = (a: number, b: number): number => {
      const key = `${Math.min(a, b)} ${Math.max(a, b)}`, known = middles.get(key);
      if (known !== undefined) return known;
      const [x, y, z] = points[a]!.map((p, k) => p + points[b]![k]!) as [number, number, number], length = Math.sqrt(x * x + y * y + z * z);
      middles.set(key, points.push([x / length, y / length, z / length]) - 1);
      return points.length - 1;
    };
    for (let f = 0; f < faces.length; f += 3) {
      const [a, b, c] = [faces[f]!, faces[f + 1]!, faces[f + 2]!], ab = middle(a, b), bc = middle(b, c), ca = middle(c, a);
      fine.push(a, ab, ca, b, bc, ab, c, ca, bc, ab, bc, ca);
    }
    faces = fine;
  }
  return { faces: Int32Array.from(faces), vertexCount: points.length, point: (v) => points[v]! };
}

// 4 x 5 vertices in a sheet, a triangle of its own, a face that is an edge and two vertices without any.
function fragments(): Int32Array {
  const faces: number[] = [];
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 4; c++) {
      const a = r * 5 + c;
      faces.push(a, a + 1, a + 5, a + 1, a + 6, a + 5);
    }
  }
  return Int32Array.from([...faces, 20, 21, 22, 23, 24, 24]);
}

/** The graphs of the test vectors: a closed surface, one with everything that goes wrong on meshes, a single vertex. */
export function vectorGraphs(): VectorGraph[] {
  const sphere = subdividedOctahedron(2);
  return [
    createGraph('sphere', 'a closed surface: an octahedron whose faces are split in four twice', sphere.faces, sphere.vertexCount),
    createGraph('fragments', 'an open sheet, a triangle and an edge of their own, two isolated vertices', fragments(), 27),
    createGraph('point', 'one vertex and no edge', new Int32Array(0), 1),
  ];
}

function createGraph(name: string, about: string, faces: Int32Array, vertexCount: number): VectorGraph {
  const adjacency = meshAdjacency(faces, vertexCount);
  const operators = Object.fromEntries(VECTOR_LAPLACIANS.map((kind) => {
    const unscaled = laplacian(adjacency, kind), lambdaMax = kind === 'combinatorial' ? largestEigenvalue(unscaled).value || 1 : 2;
    return [kind, { lambdaMax, matrix: scaledLaplacian(unscaled, lambdaMax) }];
  })) as VectorGraph['operators'];
  return { name, about, vertexCount, faces, operators };
}

/** Faces and operators by name: `faces`, `sym.rowPtr` ... */
export function graphArrays({ faces, operators }: VectorGraph): Record<string, VectorArray> {
  const csr = Object.entries(operators).flatMap(([kind, { matrix: { rowPtr, colIndex, values } }]) =>
    Object.entries({ rowPtr, colIndex, values }).map(([part, data]): [string, VectorArray] => [`${kind}.${part}`, { shape: [data.length], data }]));
  return { faces: { shape: [faces.length / 3, 3], data: faces }, ...Object.fromEntries(csr) };
}

import type { TriangleMesh } from '../../mesh/triangle-mesh.ts';

/** A unit sphere from an icosahedron whose faces are split in four `depth` times: 12, 42, 162, 642, 2562, 10242 vertices. */
export function icosphere(depth: number): TriangleMesh<Float64Array> {
  const t = (1 + Math.sqrt(5)) / 2;
  const unit = (p: number[]): number[] => p.map((x) => x / Math.sqrt(p.reduce((s, y) => s + y * y, 0)));
  const points = [[-1, t, 0], [1, t, 0], [-1, -t, 0], [1, -t, 0], [0, -1, t], [0, 1, t], [0, -1, -t], [0, 1, -t], [t, 0, -1], [t, 0, 1], [-t, 0, -1], [-t, 0, 1]].map(unit);
  let faces = ['0 11 5', '0 5 1', '0 1 7', '0 7 10', '0 10 11', '1 5 9', '5 11 4', '11 10 2', '10 7 6', '7 1 8',
    '3 9 4', '3 4 2', '3 2 6', '3 6 8', '3 8 9', '4 9 5', '2 4 11', '6 2 10', '8 6 7', '9 8 1'].map((f) => f.split(' ').map(Number));
  for (let d = 0; d < depth; d++) {
    const middles = new Map<string, number>();
    const middle = (a: number, b: number): number => {
      const key = `${Math.min(a, b)} ${Math.max(a, b)}`, known = middles.get(key);
      if (known !== undefined) return known;
      const index = points.push(unit(points[a]!.map((x, k) => x + points[b]![k]!))) - 1;
      middles.set(key, index);
      return index;
    };
    faces = faces.flatMap(([a, b, c]) => {
      const ab = middle(a!, b!), bc = middle(b!, c!), ca = middle(c!, a!);
      return [[a!, ab, ca], [b!, bc, ab], [c!, ca, bc], [ab, bc, ca]];
    });
  }
  return { vertices: Float64Array.from(points.flat()), faces: Int32Array.from(faces.flat()) };
}

/** A sheet of `rows` x `cols` vertices with an open border over [0, cols - 1] x [0, rows - 1], `height` above the plane. */
export function sheet(rows: number, cols: number, height: (x: number, y: number) => number = () => 0): TriangleMesh<Float64Array> {
  const vertices: number[] = [], faces: number[] = [];
  for (let y = 0; y < rows; y++) for (let x = 0; x < cols; x++) vertices.push(x, y, height(x, y));
  for (let y = 0; y + 1 < rows; y++) {
    for (let x = 0; x + 1 < cols; x++) {
      const a = y * cols + x;
      faces.push(a, a + 1, a + cols, a + 1, a + cols + 1, a + cols);
    }
  }
  return { vertices: Float64Array.from(vertices), faces: Int32Array.from(faces) };
}

/** Several meshes as one. */
export function joined(...meshes: TriangleMesh<Float64Array>[]): TriangleMesh<Float64Array> {
  let base = 0;
  const faces = meshes.flatMap((mesh) => {
    const moved = [...mesh.faces].map((v) => v + base);
    base += mesh.vertices.length / 3;
    return moved;
  });
  return { vertices: Float64Array.from(meshes.flatMap((mesh) => [...mesh.vertices])), faces: Int32Array.from(faces) };
}

/** A mesh moved by `offset`. */
export function moved(mesh: TriangleMesh<Float64Array>, offset: readonly [number, number, number]): TriangleMesh<Float64Array> {
  return { ...mesh, vertices: mesh.vertices.map((x, i) => x + offset[i % 3]!) };
}

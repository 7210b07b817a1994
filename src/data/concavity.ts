/**
 * Prepares a measure of how hollow the surface is at each vertex: how far, in mm along the normal, smoothing lifts it. Creases,
 * sockets and nostrils are positive, ridges negative; what light from all sides reaches less.
 *
 * @param faces - `[F, 3]`.
 * @param steps - Umbrella smoothing steps; more see wider hollows.
 */
export function createConcavity(faces: Int32Array, vertexCount: number, steps: number): (positions: Float64Array, normals: ArrayLike<number>) => Float64Array {
  const around: Set<number>[] = Array.from({ length: vertexCount }, () => new Set());
  for (let f = 0; f < faces.length; f += 3) {
    for (let k = 0; k < 3; k++) {
      around[faces[f + k]!]!.add(faces[f + (k + 1) % 3]!);
      around[faces[f + k]!]!.add(faces[f + (k + 2) % 3]!);
    }
  }
  const start = new Int32Array(vertexCount + 1), neighbours = Int32Array.from(around.flatMap((set) => [...set]));
  around.forEach((set, v) => { start[v + 1] = start[v]! + set.size; });
  return (positions, normals) => {
    let from = positions.slice(), to = new Float64Array(positions.length);
    for (let step = 0; step < steps; step++) {
      for (let v = 0; v < vertexCount; v++) {
        const n = start[v + 1]! - start[v]!;
        let x = 0, y = 0, z = 0;
        for (let p = start[v]!; p < start[v + 1]!; p++) {
          const o = 3 * neighbours[p]!;
          x += from[o]!;
          y += from[o + 1]!;
          z += from[o + 2]!;
        }
        const o = 3 * v;
        to[o] = 0.5 * (from[o]! + x / n);
        to[o + 1] = 0.5 * (from[o + 1]! + y / n);
        to[o + 2] = 0.5 * (from[o + 2]! + z / n);
      }
      [from, to] = [to, from];
    }
    const out = new Float64Array(vertexCount);
    for (let v = 0; v < vertexCount; v++) for (let k = 0; k < 3; k++) out[v]! += (from[3 * v + k]! - positions[3 * v + k]!) * normals[3 * v + k]!;
    return out;
  };
}

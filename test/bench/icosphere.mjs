/** Levels of a sphere whose faces are split in four, 12, 42, 162 ... vertices, numbered as ../shared/peers/mesh.py does; `up [V, 2]`: the two coarser vertices that each is between. */
export function icosphereLevels(depth) {
  const t = (1 + Math.sqrt(5)) / 2;
  const unit = ([x, y, z]) => { const r = Math.hypot(x, y, z); return [x / r, y / r, z / r]; };
  let points = [[-1, t, 0], [1, t, 0], [-1, -t, 0], [1, -t, 0], [0, -1, t], [0, 1, t], [0, -1, -t], [0, 1, -t], [t, 0, -1], [t, 0, 1], [-t, 0, -1], [-t, 0, 1]].map(unit);
  let faces = [[0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11], [1, 5, 9], [5, 11, 4], [11, 10, 2], [10, 7, 6], [7, 1, 8],
    [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9], [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1]];
  const levels = [{ points, faces, up: null }];
  for (let d = 0; d < depth; d++) {
    const middles = new Map(), up = points.map((_, v) => [v, v]);
    points = points.slice();
    const middle = (a, b) => {
      const key = `${Math.min(a, b)} ${Math.max(a, b)}`;
      if (!middles.has(key)) {
        up.push([Math.min(a, b), Math.max(a, b)]);
        middles.set(key, points.push(unit(points[a].map((x, k) => x + points[b][k]))) - 1);
      }
      return middles.get(key);
    };
    faces = faces.flatMap(([a, b, c]) => {
      const ab = middle(a, b), bc = middle(b, c), ca = middle(c, a);
      return [[a, ab, ca], [b, bc, ab], [c, ca, bc], [ab, bc, ca]];
    });
    levels.push({ points, faces, up });
  }
  return levels;
}

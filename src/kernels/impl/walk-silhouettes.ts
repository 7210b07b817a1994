import type { FloatArray } from '../../sparse/csr-matrix.ts';

/** A rasterized mesh with its edges. */
export interface SilhouetteScene {
  /** `[B, V, 4]` clip space. */
  readonly vertices: FloatArray;
  /** `[F, 3]` */
  readonly faces: Int32Array;
  /** `[E, 4]` as `meshEdges` returns them. */
  readonly edges: Int32Array;
  /** `[B, H, W]`, -1 = background. */
  readonly faceIndex: Int32Array;
  /** `[B, H, W]` */
  readonly zBuffer: FloatArray;
}

/** Sizes of a {@link SilhouetteScene}, and channels of the image over it. */
export interface SilhouetteSizes {
  readonly batch: number;
  readonly vertexCount: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A piece of a visible silhouette within one pixel. */
export interface SilhouettePiece {
  /** Pixel that it crosses, counted over the batch. */
  pixel: number;
  /** Pixel that shows the surface which ends here, and one that shows what lies behind; `pixel` is one of the two. */
  inner: number;
  outer: number;
  /** The pixels beyond these two, away from the edge, if they show the same surfaces; otherwise these two themselves. */
  innerNext: number;
  outerNext: number;
  /** How far `inner` and `outer` lie from the edge, in steps to the next: by this much their colours are extended to it. */
  innerReach: number;
  outerReach: number;
  /** Share of the pixel's area on the other side of the edge than its centre. */
  share: number;
  /** Offset of the edge's first and second vertex in `vertices`. */
  first: number;
  second: number;
  /** Where the piece's middle lies between them on the image, 0 to 1. */
  at: number;
  /** The piece turned outwards by a right angle, in pixels: its length times its normal; y points down. */
  normalX: number;
  normalY: number;
}

/**
 * Position of the first index out of range: in `faces`, or `faces.length` + that in `edges`, or both lengths + that in `faceIndex`; -1 if there is none.
 */
export function strayEdge({ faces, edges, faceIndex }: SilhouetteScene, vertexCount: number): number {
  const strayFace = faces.findIndex((v) => v < 0 || v >= vertexCount);
  if (strayFace >= 0) return strayFace;
  const stray = edges.findIndex((v, i) => v < (i % 4 < 2 ? 0 : -1) || v >= vertexCount);
  if (stray >= 0) return faces.length + stray;
  const strayFragment = faceIndex.findIndex((f) => f < -1 || f >= faces.length / 3);
  return strayFragment < 0 ? -1 : faces.length + edges.length + strayFragment;
}

/** Depths nearer than this are equal. */
const SAME_DEPTH = 1e-6;

/**
 * Reference kernel's walk: calls `visit` with each piece of each visible silhouette, edge by edge, pixel by pixel.
 *
 * A silhouette is an edge whose faces all lie on one side of it on the image: a border, or a fold. Edges that reach behind the eye are left out. A
 * piece is visible where a pixel on its inner side shows a surface that meets the edge, and one on its outer side a surface clearly behind, or none;
 * both from the pixel itself and its neighbours across the edge. Surfaces are compared at the edge, their faces' planes extended to it, so that
 * faces smaller than a pixel need not be seen themselves, and seams between vertices in the same place are none.
 *
 * @param piece - One object, overwritten for each call.
 */
export function walkSilhouettes(scene: SilhouetteScene, sizes: SilhouetteSizes, visit: (piece: SilhouettePiece) => void): void {
  const { vertices, faces, edges, faceIndex, zBuffer } = scene, { batch, vertexCount, height, width } = sizes;
  const piece: SilhouettePiece = { pixel: 0, inner: 0, outer: 0, innerNext: 0, outerNext: 0, innerReach: 0, outerReach: 0, share: 0, first: 0, second: 0, at: 0, normalX: 0, normalY: 0 };
  for (let b = 0; b < batch; b++) {
    const base = b * vertexCount * 4, image = b * height * width;

    // Depth of the surface at pixel (c, r), extended to (x, y), less `depth`; Infinity where there is none. `slope`: its change over a pixel.
    let slope = 0;
    const inImage = (c: number, r: number): boolean => c >= 0 && c < width && r >= 0 && r < height;
    const gap = (c: number, r: number, x: number, y: number, depth: number): number => {
      const pixel = image + r * width + c, f = faceIndex[pixel]!;
      slope = SAME_DEPTH;
      if (f < 0) return Infinity;
      const v0 = base + 4 * faces[3 * f]!, v1 = base + 4 * faces[3 * f + 1]!, v2 = base + 4 * faces[3 * f + 2]!;
      const x0 = vertices[v0]!, y0 = vertices[v0 + 1]!, z0 = vertices[v0 + 2]!, w0 = vertices[v0 + 3]!;
      const x1 = vertices[v1]!, y1 = vertices[v1 + 1]!, z1 = vertices[v1 + 2]!, w1 = vertices[v1 + 3]!;
      const x2 = vertices[v2]!, y2 = vertices[v2 + 1]!, z2 = vertices[v2 + 2]!, w2 = vertices[v2 + 3]!;
      const det = w0 * (x1 * y2 - x2 * y1) + w1 * (x2 * y0 - x0 * y2) + w2 * (x0 * y1 - x1 * y0);
      const zx = (2 * ((y1 * w2 - y2 * w1) * z0 + (y2 * w0 - y0 * w2) * z1 + (y0 * w1 - y1 * w0) * z2)) / (det * width);
      const zy = (-2 * ((w1 * x2 - w2 * x1) * z0 + (w2 * x0 - w0 * x2) * z1 + (w0 * x1 - w1 * x0) * z2)) / (det * height);
      slope += Math.abs(zx) + Math.abs(zy);
      return zBuffer[pixel]! + zx * (x - c - 0.5) + zy * (y - r - 0.5) - depth;
    };

    for (let e = 0; e < edges.length; ) {
      const first = base + 4 * edges[e]!, second = base + 4 * edges[e + 1]!, begin = e;
      for (e += 4; e < edges.length && edges[e] === edges[begin] && edges[e + 1] === edges[begin + 1]; ) e += 4;
      const xa = vertices[first]!, ya = vertices[first + 1]!, wa = vertices[first + 3]!, xb = vertices[second]!, yb = vertices[second + 1]!, wb = vertices[second + 3]!;
      if (!(wa > 0 && wb > 0)) continue;

      // (1) The side on which all faces lie.
      const ex = ya * wb - yb * wa, ey = wa * xb - wb * xa, ew = xa * yb - xb * ya;
      let side = 0;
      for (let row = begin; row < e; row += 4) {
        for (let k = 2; k < 4; k++) {
          const c = base + 4 * edges[row + k]!;
          if (c < base) continue;
          const sign = Math.sign(vertices[c]! * ex + vertices[c + 1]! * ey + vertices[c + 3]! * ew);
          if (side === 0) side = sign;
          else if (sign === -side) side = NaN;
        }
      }
      if (side !== 1 && side !== -1) continue;

      // (2) The edge on the image, and the part of it in the image.
      const px = ((xa / wa + 1) * width) / 2, py = ((1 - ya / wa) * height) / 2, za = vertices[first + 2]! / wa;
      const dx = ((xb / wb + 1) * width) / 2 - px, dy = ((1 - yb / wb) * height) / 2 - py, dz = vertices[second + 2]! / wb - za;
      const length = Math.sqrt(dx * dx + dy * dy), nx = (-side * dy) / length, ny = (side * dx) / length;
      let t = 0, end = 1;
      for (const [p, d, size] of [[px, dx, width], [py, dy, height]] as const) {
        if (d === 0) {
          if (!(p >= 0 && p < size)) end = -1;
          continue;
        }
        t = Math.max(t, Math.min(-p / d, (size - p) / d));
        end = Math.min(end, Math.max(-p / d, (size - p) / d));
      }
      if (!(length > 0 && length < Infinity && t < end)) continue;

      // (3) Pixel by pixel.
      const stepX = Math.abs(nx) >= Math.abs(ny) ? Math.sign(nx) : 0, stepY = stepX === 0 ? Math.sign(ny) : 0, otherX = stepX === 0 ? Math.sign(nx) : 0, otherY = stepX === 0 ? 0 : Math.sign(ny);
      const cell = (p: number, d: number, size: number): number => Math.max(0, Math.min(size - 1, d < 0 ? Math.ceil(p + t * d) - 1 : Math.floor(p + t * d)));
      let c = cell(px, dx, width), r = cell(py, dy, height);
      while (t < end) {
        const tx = dx === 0 ? Infinity : (c + (dx > 0 ? 1 : 0) - px) / dx, ty = dy === 0 ? Infinity : (r + (dy > 0 ? 1 : 0) - py) / dy, next = Math.min(tx, ty, end);
        if (next > t) visitPiece(t, next, c, r);
        t = Math.max(t, next);
        if (tx <= ty) c += Math.sign(dx);
        else r += Math.sign(dy);
        if (!(c >= 0 && c < width && r >= 0 && r < height)) break;
      }

      function visitPiece(from: number, to: number, column: number, row: number): void {
        const at = (from + to) / 2, x = px + at * dx, y = py + at * dy, depth = za + at * dz;
        if (!(depth >= -1 && depth <= 1)) return;
        const inside = nx * (x - column - 0.5) + ny * (y - row - 0.5), pixel = image + row * width + column;
        let inner = -1, outer = -1;
        for (let k = 0; k < 4; k++) {
          const offX = (k & 1 ? stepX : 0) + (k & 2 ? otherX : 0), offY = (k & 1 ? stepY : 0) + (k & 2 ? otherY : 0), depthIn = inside + nx * offX + ny * offY;
          let ci = column - offX, ri = row - offY;
          if (inner < 0 && depthIn >= 0 && inImage(ci, ri) && Math.abs(gap(ci, ri, x, y, depth)) <= 2 * slope) {
            inner = piece.innerNext = image + ri * width + ci;
            piece.innerReach = depthIn / Math.abs(nx * stepX + ny * stepY);
            ci -= stepX; ri -= stepY;
            if (inImage(ci, ri) && Math.abs(gap(ci, ri, x, y, depth)) <= 4 * slope) piece.innerNext = image + ri * width + ci;
          }
          ci = column + offX; ri = row + offY;
          if (outer >= 0 || !inImage(ci, ri) || image + ri * width + ci === inner) continue;
          const behind = gap(ci, ri, x, y, depth), outerSlope = slope;
          if (!(behind > 0.5 * slope)) {
            if (inside - nx * offX - ny * offY < 0) return; // the surface goes on there, or something hides the edge
            continue;
          }
          outer = piece.outerNext = image + ri * width + ci;
          piece.outerReach = Math.max(0, nx * offX + ny * offY - inside) / Math.abs(nx * stepX + ny * stepY);
          ci += stepX; ri += stepY;
          if (!inImage(ci, ri)) continue;
          const next = gap(ci, ri, x, y, depth);
          if (next === behind || Math.abs(next - behind) <= 2 * (slope + outerSlope)) piece.outerNext = image + ri * width + ci;
        }
        if (inner < 0 || outer < 0 || (inner !== pixel && outer !== pixel)) return;
        piece.pixel = pixel; piece.inner = inner; piece.outer = outer; piece.first = first; piece.second = second; piece.at = at;
        piece.normalX = nx * length * (to - from); piece.normalY = ny * length * (to - from);
        piece.share = cutShare(Math.abs(inside), Math.abs(nx), Math.abs(ny), length * (to - from));
        visit(piece);
      }
    }
  }
}

/**
 * Area that a line cuts off a unit square, at `distance` from its centre, normal (`nx`, `ny`) >= 0; of a line that ends within the square the part of
 * it that `length` is of the whole chord.
 */
function cutShare(distance: number, nx: number, ny: number, length: number): number {
  const most = Math.max(nx, ny), least = Math.min(nx, ny), rest = (most + least) / 2 - distance;
  if (!(rest > 0)) return 0;
  const corner = rest < least, area = corner ? (rest * rest) / (2 * most * least) : 0.5 - distance / most, chord = corner ? rest / (most * least) : 1 / most;
  return area * Math.min(1, length / chord);
}

import { strayFace } from './rasterize-mesh';

// Mirrors src/kernels/impl/walk-silhouettes.ts and antialias-edges.ts, in float64.

const SAME_DEPTH: f64 = 1e-6;
const STEEPEST: f64 = 1e30;

/** Change over a pixel of the depth that {@link gap} looked at last: a global of the module, not in memory. */
let slope: f64 = 0;

/**
 * The antialiased image in `out` (dy 0), or the gradients `out` of the image and `dVertices [B, V, 4]`.
 *
 * @returns As the reference's `strayEdge`: where it stopped, or -1.
 */
export function antialiasEdges(
  image: usize, vertices: usize, faces: usize, edges: usize, faceIndex: usize, zBuffer: usize, dy: usize, out: usize, dVertices: usize,
  batch: i32, vertexCount: i32, faceCount: i32, edgeCount: i32, height: i32, width: i32, channels: i32,
): i32 {
  const pixels = <usize>height * <usize>width, stray = strayScene(faces, edges, faceIndex, vertexCount, faceCount, edgeCount, batch * height * width);
  if (stray >= 0) return stray;
  memory.copy(out, dy ? dy : image, <usize>batch * pixels * <usize>channels << 2);
  if (dy) memory.fill(dVertices, 0, <usize>batch * <usize>vertexCount << 4);
  const last = edges + (<usize>edgeCount << 4);
  for (let b: usize = 0; b < <usize>batch; b++) {
    const base = vertices + (b * <usize>vertexCount << 4), seen = faceIndex + (b * pixels << 2), depths = zBuffer + (b * pixels << 2), offset = b * pixels * <usize>channels << 2;
    for (let e = edges; e < last; ) {
      const begin = e;
      for (e += 16; e < last && load<i64>(e) == load<i64>(begin); ) e += 16;
      const first = base + (<usize>load<u32>(begin) << 4), second = base + (<usize>load<u32>(begin, 4) << 4);
      const side = sideOfFaces(base, first, second, begin, e);
      if (side == 0) continue;
      walkEdge(
        side, first, second, dVertices + (first - vertices), dVertices + (second - vertices), image + offset, dy ? dy + offset : 0, out + offset,
        base, faces, seen, depths, height, width, channels,
      );
    }
  }
  return -1;
}

function strayScene(faces: usize, edges: usize, faceIndex: usize, vertexCount: i32, faceCount: i32, edgeCount: i32, pixels: i32): i32 {
  const strayIndex = strayFace(faces, 3 * faceCount, vertexCount);
  if (strayIndex >= 0) return strayIndex;
  for (let k = 0; k < 4 * edgeCount; k++) {
    const v = load<i32>(edges + (<usize>k << 2));
    if (v < ((k & 3) < 2 ? 0 : -1) || v >= vertexCount) return 3 * faceCount + k;
  }
  for (let p = 0; p < pixels; p++) {
    const f = load<i32>(faceIndex + (<usize>p << 2));
    if (f < -1 || f >= faceCount) return 3 * faceCount + 4 * edgeCount + p;
  }
  return -1;
}

/** 1 or -1: the side of the edge on which all its faces lie on the image; 0: both, none, or an end behind the eye. */
// @ts-ignore: decorator
@inline
function sideOfFaces(base: usize, first: usize, second: usize, begin: usize, end: usize): f64 {
  const wa = <f64>load<f32>(first, 12), wb = <f64>load<f32>(second, 12);
  if (!(wa > 0 && wb > 0)) return 0;
  const xa = <f64>load<f32>(first), ya = <f64>load<f32>(first, 4), xb = <f64>load<f32>(second), yb = <f64>load<f32>(second, 4);
  const ex = ya * wb - yb * wa, ey = wa * xb - wb * xa, ew = xa * yb - xb * ya;
  let side: f64 = 0;
  for (let row = begin; row < end; row += 16) {
    for (let k: usize = 8; k < 16; k += 4) {
      const index = load<i32>(row + k);
      if (index < 0) continue;
      const c = base + (<usize>index << 4), det = <f64>load<f32>(c) * ex + <f64>load<f32>(c, 4) * ey + <f64>load<f32>(c, 12) * ew;
      const sign: f64 = det > 0 ? 1 : det < 0 ? -1 : 0;
      if (side == 0) side = sign;
      else if (sign == -side) return 0;
    }
  }
  return side;
}

/** Depth of the surface at pixel (c, r), extended to (x, y), less `depth`; Infinity where there is none. Sets `slope`. */
function gap(base: usize, faces: usize, seen: usize, depths: usize, c: i32, r: i32, x: f64, y: f64, depth: f64, height: i32, width: i32): f64 {
  const pixel = <usize>(r * width + c) << 2, f = load<i32>(seen + pixel);
  slope = SAME_DEPTH;
  if (f < 0) return Infinity;
  const face = faces + <usize>f * 12;
  const v0 = base + (<usize>load<u32>(face) << 4), v1 = base + (<usize>load<u32>(face, 4) << 4), v2 = base + (<usize>load<u32>(face, 8) << 4);
  const x0 = <f64>load<f32>(v0), y0 = <f64>load<f32>(v0, 4), z0 = <f64>load<f32>(v0, 8), w0 = <f64>load<f32>(v0, 12);
  const x1 = <f64>load<f32>(v1), y1 = <f64>load<f32>(v1, 4), z1 = <f64>load<f32>(v1, 8), w1 = <f64>load<f32>(v1, 12);
  const x2 = <f64>load<f32>(v2), y2 = <f64>load<f32>(v2, 4), z2 = <f64>load<f32>(v2, 8), w2 = <f64>load<f32>(v2, 12);
  const det = w0 * (x1 * y2 - x2 * y1) + w1 * (x2 * y0 - x0 * y2) + w2 * (x0 * y1 - x1 * y0);
  const zx = (2 * ((y1 * w2 - y2 * w1) * z0 + (y2 * w0 - y0 * w2) * z1 + (y0 * w1 - y1 * w0) * z2)) / (det * <f64>width);
  const zy = (-2 * ((w1 * x2 - w2 * x1) * z0 + (w2 * x0 - w0 * x2) * z1 + (w0 * x1 - w1 * x0) * z2)) / (det * <f64>height);
  slope += Math.abs(zx) + Math.abs(zy);
  return <f64>load<f32>(depths + pixel) + zx * (x - <f64>c - 0.5) + zy * (y - <f64>r - 0.5) - depth;
}

// @ts-ignore: decorator
@inline
function cell(p: f64, d: f64, t: f64, size: i32): i32 {
  const at = p + t * d;
  return <i32>Math.max(0, Math.min(<f64>size - 1, d < 0 ? Math.ceil(at) - 1 : Math.floor(at)));
}

// @ts-ignore: decorator
@inline
function sign(x: f64): i32 {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

/** An edge pixel by pixel: phases 2 and 3 of the reference. */
function walkEdge(
  side: f64, first: usize, second: usize, dFirst: usize, dSecond: usize, image: usize, dy: usize, out: usize,
  base: usize, faces: usize, seen: usize, depths: usize, height: i32, width: i32, channels: i32,
): void {
  const wa = <f64>load<f32>(first, 12), wb = <f64>load<f32>(second, 12), xa = <f64>load<f32>(first), ya = <f64>load<f32>(first, 4), W = <f64>width, H = <f64>height;
  const px = ((xa / wa + 1) * W) / 2, py = ((1 - ya / wa) * H) / 2, za = <f64>load<f32>(first, 8) / wa;
  const ex = ((<f64>load<f32>(second) / wb + 1) * W) / 2 - px, ey = ((1 - <f64>load<f32>(second, 4) / wb) * H) / 2 - py, ez = <f64>load<f32>(second, 8) / wb - za;
  const length = Math.sqrt(ex * ex + ey * ey), nx = (-side * ey) / length, ny = (side * ex) / length;
  let t: f64 = 0, end: f64 = 1;
  if (ex != 0) {
    t = Math.max(t, Math.min(-px / ex, (W - px) / ex));
    end = Math.min(end, Math.max(-px / ex, (W - px) / ex));
  } else if (!(px >= 0 && px < W)) return;
  if (ey != 0) {
    t = Math.max(t, Math.min(-py / ey, (H - py) / ey));
    end = Math.min(end, Math.max(-py / ey, (H - py) / ey));
  } else if (!(py >= 0 && py < H)) return;
  if (!(length > 0 && length < Infinity && t < end)) return;

  const steep = Math.abs(nx) >= Math.abs(ny), stepX = steep ? sign(nx) : 0, stepY = stepX == 0 ? sign(ny) : 0, otherX = stepX == 0 ? sign(nx) : 0, otherY = stepX == 0 ? 0 : sign(ny);
  const perStep = 1 / Math.abs(nx * <f64>stepX + ny * <f64>stepY);
  let c = cell(px, ex, t, width), r = cell(py, ey, t, height);
  while (t < end) {
    const tx = ex == 0 ? Infinity : (<f64>(c + (ex > 0 ? 1 : 0)) - px) / ex, ty = ey == 0 ? Infinity : (<f64>(r + (ey > 0 ? 1 : 0)) - py) / ey, next = Math.min(Math.min(tx, ty), end);
    if (next > t) {
      const at = (t + next) / 2, x = px + at * ex, y = py + at * ey, depth = za + at * ez;
      if (depth >= -1 && depth <= 1) {
        visitPiece(
          c, r, x, y, depth, at, nx, ny, length * (next - t), perStep, stepX, stepY, otherX, otherY, first, second, dFirst, dSecond, image, dy, out,
          base, faces, seen, depths, height, width, channels,
        );
      }
    }
    t = Math.max(t, next);
    if (tx <= ty) c += sign(ex);
    else r += sign(ey);
    if (!(c >= 0 && c < width && r >= 0 && r < height)) break;
  }
}

function visitPiece(
  column: i32, row: i32, x: f64, y: f64, depth: f64, at: f64, nx: f64, ny: f64, length: f64, perStep: f64, stepX: i32, stepY: i32, otherX: i32, otherY: i32,
  first: usize, second: usize, dFirst: usize, dSecond: usize, image: usize, dy: usize, out: usize,
  base: usize, faces: usize, seen: usize, depths: usize, height: i32, width: i32, channels: i32,
): void {
  // (1) A pixel on either side, and the one beyond it.
  const inside = nx * (x - <f64>column - 0.5) + ny * (y - <f64>row - 0.5), pixel = row * width + column;
  let inner = -1, outer = -1, innerNext = -1, outerNext = -1, innerReach: f64 = 0, outerReach: f64 = 0;
  for (let k = 0; k < 4; k++) {
    const offX = (k & 1 ? stepX : 0) + (k & 2 ? otherX : 0), offY = (k & 1 ? stepY : 0) + (k & 2 ? otherY : 0), along = nx * <f64>offX + ny * <f64>offY;
    let ci = column - offX, ri = row - offY;
    if (inner < 0 && inside + along >= 0 && inImage(ci, ri, height, width) && Math.abs(gap(base, faces, seen, depths, ci, ri, x, y, depth, height, width)) <= 2 * slope) {
      inner = innerNext = ri * width + ci;
      innerReach = (inside + along) * perStep;
      ci -= stepX; ri -= stepY;
      if (inImage(ci, ri, height, width) && Math.abs(gap(base, faces, seen, depths, ci, ri, x, y, depth, height, width)) <= 4 * slope) innerNext = ri * width + ci;
    }
    ci = column + offX; ri = row + offY;
    if (outer >= 0 || !inImage(ci, ri, height, width) || ri * width + ci == inner) continue;
    const behind = gap(base, faces, seen, depths, ci, ri, x, y, depth, height, width), outerSlope = slope;
    if (!(behind > 0.5 * slope)) {
      if (inside - along < 0) return;
      continue;
    }
    outer = outerNext = ri * width + ci;
    outerReach = Math.max(0, along - inside) * perStep;
    ci += stepX; ri += stepY;
    if (!inImage(ci, ri, height, width)) continue;
    const beyond = gap(base, faces, seen, depths, ci, ri, x, y, depth, height, width);
    if (beyond == behind || Math.abs(beyond - behind) <= 2 * (slope + outerSlope)) outerNext = ri * width + ci;
  }
  if (inner < 0 || outer < 0 || (inner != pixel && outer != pixel)) return;

  // (2) What the pixel takes of the other side's colour; backwards, what it owes it.
  const stride = <usize>channels << 2, here = <usize>pixel * stride, other = <usize>(pixel == inner ? outer : inner) * stride;
  const share = <f32>cutShare(Math.abs(inside), Math.abs(nx), Math.abs(ny), length);
  if (!dy) {
    for (let k: usize = 0; k < stride; k += 4) store<f32>(out + here + k, load<f32>(out + here + k) + share * (load<f32>(image + other + k) - load<f32>(image + here + k)));
    return;
  }
  const near = image + <usize>inner * stride, far = image + <usize>outer * stride, nearer = image + <usize>innerNext * stride, farther = image + <usize>outerNext * stride;
  let gain: f64 = 0;
  for (let k: usize = 0; k < stride; k += 4) {
    const d = load<f32>(dy + here + k), moved = share * d, a = <f64>load<f32>(near + k), z = <f64>load<f32>(far + k);
    store<f32>(out + other + k, load<f32>(out + other + k) + moved);
    store<f32>(out + here + k, load<f32>(out + here + k) - moved);
    gain += <f64>d * (a + innerReach * (a - <f64>load<f32>(nearer + k)) - z - outerReach * (z - <f64>load<f32>(farther + k)));
  }

  // (3) What the edge's vertices get.
  addTo(first, dFirst, (1 - at) * gain, nx * length, ny * length, height, width);
  addTo(second, dSecond, at * gain, nx * length, ny * length, height, width);
}

// @ts-ignore: decorator
@inline
function inImage(c: i32, r: i32, height: i32, width: i32): bool {
  return <u32>c < <u32>width && <u32>r < <u32>height;
}

// @ts-ignore: decorator
@inline
function addTo(vertex: usize, target: usize, gain: f64, normalX: f64, normalY: f64, height: i32, width: i32): void {
  const w = <f64>load<f32>(vertex, 12), gx = (gain * normalX * <f64>width) / (2 * w), gy = (-gain * normalY * <f64>height) / (2 * w), gw = (gx * <f64>load<f32>(vertex) + gy * <f64>load<f32>(vertex, 4)) / w;
  if (!(Math.abs(gx) + Math.abs(gy) + Math.abs(gw) < STEEPEST)) return;
  store<f32>(target, <f32>(<f64>load<f32>(target) + gx));
  store<f32>(target, <f32>(<f64>load<f32>(target, 4) + gy), 4);
  store<f32>(target, <f32>(<f64>load<f32>(target, 12) - gw), 12);
}

function cutShare(distance: f64, nx: f64, ny: f64, length: f64): f64 {
  const most = Math.max(nx, ny), least = Math.min(nx, ny), rest = (most + least) / 2 - distance;
  if (!(rest > 0)) return 0;
  const corner = rest < least, area = corner ? (rest * rest) / (2 * most * least) : 0.5 - distance / most, chord = corner ? rest / (most * least) : 1 / most;
  return area * Math.min(1, length / chord);
}

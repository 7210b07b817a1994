import { add3, dot3, load3, scale3, store3 } from './vector3';

// @ts-ignore: decorator
@inline
function toLinear(x: f32): f32 {
  return x <= 0.04045 ? x / <f32>12.92 : Mathf.pow((x + <f32>0.055) / <f32>1.055, 2.4);
}

// @ts-ignore: decorator
@inline
function toLinearSlope(x: f32): f32 {
  return x <= 0.04045 ? <f32>(1 / 12.92) : <f32>(2.4 / 1.055) * Mathf.pow((x + <f32>0.055) / <f32>1.055, 1.4);
}

// @ts-ignore: decorator
@inline
function toSrgb(x: f32): f32 {
  return x <= 0.0031308 ? <f32>12.92 * x : <f32>1.055 * Mathf.pow(x, <f32>(1 / 2.4)) - <f32>0.055;
}

// @ts-ignore: decorator
@inline
function toSrgbSlope(x: f32): f32 {
  return x <= 0.0031308 ? <f32>12.92 : <f32>(1.055 / 2.4) * Mathf.pow(x, <f32>(1 / 2.4 - 1));
}

// @ts-ignore: decorator
@inline
function lanes(x: f32, y: f32, z: f32): v128 {
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 0, x), 1, y), 2, z);
}

function linear3(x: v128): v128 {
  return lanes(toLinear(f32x4.extract_lane(x, 0)), toLinear(f32x4.extract_lane(x, 1)), toLinear(f32x4.extract_lane(x, 2)));
}

function linearSlope3(x: v128): v128 {
  return lanes(toLinearSlope(f32x4.extract_lane(x, 0)), toLinearSlope(f32x4.extract_lane(x, 1)), toLinearSlope(f32x4.extract_lane(x, 2)));
}

function srgb3(x: v128): v128 {
  return lanes(toSrgb(f32x4.extract_lane(x, 0)), toSrgb(f32x4.extract_lane(x, 1)), toSrgb(f32x4.extract_lane(x, 2)));
}

function srgbSlope3(x: v128): v128 {
  return lanes(toSrgbSlope(f32x4.extract_lane(x, 0)), toSrgbSlope(f32x4.extract_lane(x, 1)), toSrgbSlope(f32x4.extract_lane(x, 2)));
}

// @ts-ignore: decorator
@inline
function mix(values: usize, v0: usize, v1: usize, v2: usize, b0: f32, b1: f32, b2: f32): v128 {
  return f32x4.add(f32x4.add(scale3(load3(values + v0), b0), scale3(load3(values + v1), b1)), scale3(load3(values + v2), b2));
}

/**
 * out[B,pixels,3] = A (ambient + light max(0, n . l)); lights[B,9].
 *
 * @returns -1, or where it stops: the position in faces[F,3] of an index out of range, or 3 F + that in faceIndex.
 */
export function shadeFragments(
  vertices: usize, normals: usize, colors: usize, lights: usize, faces: usize, faceIndex: usize, barycentrics: usize, out: usize,
  batch: i32, count: i32, faceCount: i32, pixels: i32, linear: bool,
): i32 {
  for (let i = 0; i < 3 * faceCount; i++) if (load<u32>(faces + (<usize>i << 2)) >= <u32>count) return i;
  const zero = f32x4.splat(0);
  for (let b = 0; b < batch; b++, lights += 36) {
    const base = <usize>(12 * b * count), position = load3(lights), color = load3(lights + 12), ambient = load3(lights + 24);
    for (let p = b * pixels; p < (b + 1) * pixels; p++) {
      const f = load<i32>(faceIndex + (<usize>p << 2)), target = out + <usize>(12 * p);
      if (f < 0) {
        if (f < -1) return 3 * faceCount + p;
        store3(target, zero);
        continue;
      }
      if (f >= faceCount) return 3 * faceCount + p;
      const face = faces + <usize>(12 * f), v0 = base + <usize>(12 * load<u32>(face)), v1 = base + <usize>(12 * load<u32>(face, 4)), v2 = base + <usize>(12 * load<u32>(face, 8));
      const weights = barycentrics + <usize>(12 * p), b0 = load<f32>(weights), b1 = load<f32>(weights, 4), b2 = load<f32>(weights, 8);
      const n = mix(normals, v0, v1, v2, b0, b1, b2), l = f32x4.sub(position, mix(vertices, v0, v1, v2, b0, b1, b2)), albedo = mix(colors, v0, v1, v2, b0, b1, b2);
      const scale = Mathf.sqrt(dot3(n, n)) * Mathf.sqrt(dot3(l, l)), facing: f32 = scale > 0 ? max<f32>(0, dot3(n, l) / scale) : 0;
      const lit = f32x4.add(ambient, scale3(color, facing));
      store3(target, linear ? srgb3(f32x4.mul(linear3(albedo), lit)) : f32x4.mul(albedo, lit));
    }
  }
  return -1;
}

/** The gradients of all inputs of {@link shadeFragments}, each overwritten, for dy[B,pixels,3]. */
export function shadeFragmentsGrad(
  vertices: usize, normals: usize, colors: usize, lights: usize, faces: usize, faceIndex: usize, barycentrics: usize, dy: usize,
  dVertices: usize, dNormals: usize, dColors: usize, dLights: usize, dBarycentrics: usize, batch: i32, count: i32, pixels: i32, linear: bool,
): void {
  const bytes = <usize>(12 * batch * count), zero = f32x4.splat(0);
  memory.fill(dVertices, 0, bytes);
  memory.fill(dNormals, 0, bytes);
  memory.fill(dColors, 0, bytes);
  for (let b = 0; b < batch; b++, lights += 36, dLights += 36) {
    const base = <usize>(12 * b * count), position = load3(lights), color = load3(lights + 12), ambient = load3(lights + 24);
    let dPosition = zero, dColor = zero, dAmbient = zero;
    for (let p = b * pixels; p < (b + 1) * pixels; p++) {
      const f = load<i32>(faceIndex + (<usize>p << 2)), at = <usize>(12 * p);
      if (f < 0) {
        store3(dBarycentrics + at, zero);
        continue;
      }
      // (1) Forward, as above.
      const face = faces + <usize>(12 * f), v0 = base + <usize>(12 * load<u32>(face)), v1 = base + <usize>(12 * load<u32>(face, 4)), v2 = base + <usize>(12 * load<u32>(face, 8));
      const weights = barycentrics + at, b0 = load<f32>(weights), b1 = load<f32>(weights, 4), b2 = load<f32>(weights, 8);
      const N = mix(normals, v0, v1, v2, b0, b1, b2), L = f32x4.sub(position, mix(vertices, v0, v1, v2, b0, b1, b2)), albedo = mix(colors, v0, v1, v2, b0, b1, b2);
      const nLength = Mathf.sqrt(dot3(N, N)), lLength = Mathf.sqrt(dot3(L, L)), whole = nLength * lLength > 0;
      const nInverse: f32 = whole ? 1 / nLength : 0, lInverse: f32 = whole ? 1 / lLength : 0, n = scale3(N, nInverse), l = scale3(L, lInverse);
      const cosine = dot3(n, l), facing = max<f32>(0, cosine), lit = f32x4.add(ambient, scale3(color, facing));
      // (2) To albedo, light colours and the cosine.
      const arrived = load3(dy + at), baseColor = linear ? linear3(albedo) : albedo;
      const g = linear ? f32x4.mul(arrived, srgbSlope3(f32x4.mul(baseColor, lit))) : arrived;
      const dLit = f32x4.mul(g, baseColor), dAlbedo = linear ? f32x4.mul(f32x4.mul(g, lit), linearSlope3(albedo)) : f32x4.mul(g, lit);
      dAmbient = f32x4.add(dAmbient, dLit);
      dColor = f32x4.add(dColor, scale3(dLit, facing));
      const dCosine: f32 = cosine > 0 ? dot3(dLit, color) : 0;
      // (3) To normal, position and the light's position; then to the corners and their weights.
      const dN = scale3(f32x4.sub(l, scale3(n, cosine)), dCosine * nInverse), dL = scale3(f32x4.sub(n, scale3(l, cosine)), dCosine * lInverse);
      dPosition = f32x4.add(dPosition, dL);
      add3(dNormals + v0, scale3(dN, b0));
      add3(dNormals + v1, scale3(dN, b1));
      add3(dNormals + v2, scale3(dN, b2));
      add3(dVertices + v0, scale3(dL, -b0));
      add3(dVertices + v1, scale3(dL, -b1));
      add3(dVertices + v2, scale3(dL, -b2));
      add3(dColors + v0, scale3(dAlbedo, b0));
      add3(dColors + v1, scale3(dAlbedo, b1));
      add3(dColors + v2, scale3(dAlbedo, b2));
      store3(dBarycentrics + at, lanes(
        dot3(dN, load3(normals + v0)) - dot3(dL, load3(vertices + v0)) + dot3(dAlbedo, load3(colors + v0)),
        dot3(dN, load3(normals + v1)) - dot3(dL, load3(vertices + v1)) + dot3(dAlbedo, load3(colors + v1)),
        dot3(dN, load3(normals + v2)) - dot3(dL, load3(vertices + v2)) + dot3(dAlbedo, load3(colors + v2)),
      ));
    }
    store3(dLights, dPosition);
    store3(dLights + 12, dColor);
    store3(dLights + 24, dAmbient);
  }
}

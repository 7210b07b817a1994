import { linearToSrgb, linearToSrgbSlope, srgbToLinear, srgbToLinearSlope } from '../../core/srgb.ts';
import type { FloatArray } from '../../sparse/csr-matrix.ts';
import { type Interpolation, strayFragment } from './interpolate-attributes.ts';

/** Numbers of one light in a kernel: point-light position (3), its colour (3), ambient colour (3). */
export const LIGHT_NUMBERS = 9;

/** Space in which light and albedo are multiplied: `srgb`, as the papers do, or `linear`, as light is. */
export type ShadingSpace = 'srgb' | 'linear';

/** Per-vertex inputs of a shading: `[B, V, 3]` each; `colors` sRGB. `lights [B, 9]`. */
export interface ShadeInputs {
  readonly vertices: FloatArray;
  readonly normals: FloatArray;
  readonly colors: FloatArray;
  readonly lights: FloatArray;
}

/** Sizes of a shading. */
export interface ShadeSizes {
  readonly batch: number;
  readonly vertexCount: number;
  readonly pixels: number;
}

/**
 * Reference kernel: the colour of each pixel under ambient light and a point light, diffuse. Overwrites `out`; 0 on background.
 *
 * With position X, normal N and albedo A interpolated, `n = N / |N|`, `l = (P - X) / |P - X|`: `A (ambient + light max(0, n . l))`. No attenuation,
 * no specular part, no clamp. In the space `linear` A is made linear first and the result sRGB again.
 *
 * Genova et al., "Unsupervised Training for 3D Morphable Model Regression", CVPR 2018, section 3; 9 numbers of light: Deng et al., "RetinaFace", 2019, 3.2.
 *
 * @param out - `[B, pixels, 3]`
 * @returns As `strayFragment`; where it is not -1 nothing is written.
 */
export function shadeFragmentsImpl({ vertices, normals, colors, lights }: ShadeInputs, at: Interpolation, out: FloatArray, sizes: ShadeSizes, space: ShadingSpace): number {
  const stray = strayFragment(at, sizes.vertexCount);
  if (stray >= 0) return stray;
  const { faces, faceIndex, barycentrics } = at, { batch, vertexCount, pixels } = sizes, linear = space === 'linear';
  out.fill(0);
  for (let p = 0; p < batch * pixels; p++) {
    const f = faceIndex[p]!, b = Math.floor(p / pixels), light = LIGHT_NUMBERS * b;
    if (f < 0) continue;
    const mix = (values: FloatArray, k: number): number => {
      let sum = 0;
      for (let i = 0; i < 3; i++) sum += barycentrics[3 * p + i]! * values[3 * (b * vertexCount + faces[3 * f + i]!) + k]!;
      return sum;
    };
    const nx = mix(normals, 0), ny = mix(normals, 1), nz = mix(normals, 2);
    const lx = lights[light]! - mix(vertices, 0), ly = lights[light + 1]! - mix(vertices, 1), lz = lights[light + 2]! - mix(vertices, 2);
    const scale = Math.hypot(nx, ny, nz) * Math.hypot(lx, ly, lz), facing = scale > 0 ? Math.max(0, (nx * lx + ny * ly + nz * lz) / scale) : 0;
    for (let c = 0; c < 3; c++) {
      const albedo = mix(colors, c), lit = lights[light + 6 + c]! + lights[light + 3 + c]! * facing;
      out[3 * p + c] = linear ? linearToSrgb(srgbToLinear(albedo) * lit) : albedo * lit;
    }
  }
  return -1;
}

/** What {@link shadeFragmentsGradImpl} writes: the gradient of each input, in its shape. */
export interface ShadeGradient {
  readonly dVertices: FloatArray;
  readonly dNormals: FloatArray;
  readonly dColors: FloatArray;
  readonly dLights: FloatArray;
  readonly dBarycentrics: FloatArray;
}

/**
 * Reference kernel: the vector-Jacobian product of {@link shadeFragmentsImpl}, summed in the order of the pixels. Overwrites `out`.
 *
 * @param dy - `[B, pixels, 3]`
 */
export function shadeFragmentsGradImpl(
  { vertices, normals, colors, lights }: ShadeInputs, { faces, faceIndex, barycentrics }: Interpolation, dy: FloatArray, out: ShadeGradient, sizes: ShadeSizes, space: ShadingSpace,
): void {
  const { batch, vertexCount, pixels } = sizes, linear = space === 'linear';
  for (const gradient of Object.values(out) as FloatArray[]) gradient.fill(0);
  for (let p = 0; p < batch * pixels; p++) {
    const f = faceIndex[p]!, b = Math.floor(p / pixels), light = LIGHT_NUMBERS * b;
    if (f < 0) continue;
    // (1) Forward, as above.
    const corners = [0, 1, 2].map((i) => 3 * (b * vertexCount + faces[3 * f + i]!));
    const mix = (values: FloatArray): number[] => [0, 1, 2].map((k) => corners.reduce((sum, at, i) => sum + barycentrics[3 * p + i]! * values[at + k]!, 0));
    const N = mix(normals), L = mix(vertices).map((x, k) => lights[light + k]! - x), A = mix(colors);
    const nLength = Math.hypot(...N), lLength = Math.hypot(...L), whole = nLength * lLength > 0;
    const n = N.map((x) => (whole ? x / nLength : 0)), l = L.map((x) => (whole ? x / lLength : 0));
    const cosine = n[0]! * l[0]! + n[1]! * l[1]! + n[2]! * l[2]!, facing = Math.max(0, cosine);
    // (2) To albedo, light colours and the cosine.
    const dA = [0, 0, 0];
    let dCosine = 0;
    for (let c = 0; c < 3; c++) {
      const lit = lights[light + 6 + c]! + lights[light + 3 + c]! * facing, base = linear ? srgbToLinear(A[c]!) : A[c]!;
      const g = dy[3 * p + c]! * (linear ? linearToSrgbSlope(base * lit) : 1);
      dA[c] = g * lit * (linear ? srgbToLinearSlope(A[c]!) : 1);
      out.dLights[light + 6 + c]! += g * base;
      out.dLights[light + 3 + c]! += g * base * facing;
      if (cosine > 0) dCosine += g * base * lights[light + 3 + c]!;
    }
    // (3) To normal, position and the light's position; then to the corners and their weights.
    const dN = n.map((x, k) => (whole ? (dCosine * (l[k]! - x * cosine)) / nLength : 0));
    const dL = l.map((x, k) => (whole ? (dCosine * (n[k]! - x * cosine)) / lLength : 0));
    for (let k = 0; k < 3; k++) out.dLights[light + k]! += dL[k]!;
    corners.forEach((at, i) => {
      const weight = barycentrics[3 * p + i]!;
      let sum = 0;
      for (let k = 0; k < 3; k++) {
        out.dVertices[at + k]! -= weight * dL[k]!;
        out.dNormals[at + k]! += weight * dN[k]!;
        out.dColors[at + k]! += weight * dA[k]!;
        sum += dN[k]! * normals[at + k]! - dL[k]! * vertices[at + k]! + dA[k]! * colors[at + k]!;
      }
      out.dBarycentrics[3 * p + i] = sum;
    });
  }
}

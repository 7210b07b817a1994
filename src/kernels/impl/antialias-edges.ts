import type { FloatArray } from '../../sparse/csr-matrix.ts';
import { STEEPEST_FRAGMENT } from './rasterize-mesh-grad.ts';
import { type SilhouetteScene, type SilhouetteSizes, walkSilhouettes } from './walk-silhouettes.ts';

/**
 * Reference kernel: an image whose pixels on a visible silhouette mix the colours of both sides by area. Overwrites `out`.
 *
 * @param image - `[B, H, W, C]`: each pixel the colour at its centre.
 * @param out - `[B, H, W, C]`
 */
export function antialiasEdgesImpl(image: FloatArray, scene: SilhouetteScene, out: FloatArray, sizes: SilhouetteSizes): void {
  const { channels } = sizes;
  out.set(image);
  walkSilhouettes(scene, sizes, ({ pixel, inner, outer, share }) => {
    const other = pixel === inner ? outer : inner;
    for (let k = 0; k < channels; k++) out[pixel * channels + k]! += share * (image[other * channels + k]! - image[pixel * channels + k]!);
  });
}

/** Reference kernel: the adjoint of {@link antialiasEdgesImpl} in the image. Overwrites `out`. */
export function antialiasEdgesBackpropImageImpl(dy: FloatArray, scene: SilhouetteScene, out: FloatArray, sizes: SilhouetteSizes): void {
  const { channels } = sizes;
  out.set(dy);
  walkSilhouettes(scene, sizes, ({ pixel, inner, outer, share }) => {
    const other = pixel === inner ? outer : inner;
    for (let k = 0; k < channels; k++) {
      const moved = share * dy[pixel * channels + k]!;
      out[other * channels + k]! += moved;
      out[pixel * channels + k]! -= moved;
    }
  });
}

/**
 * Reference kernel: the gradient of the image's mean over each pixel's area to clip-space x, y and w, by the line integral over the visible silhouettes:
 * a piece that moves outwards turns outer colour into inner, `dI = (inner - outer) velocity . normal length`. Overwrites `out`.
 *
 * Reynolds' transport theorem; as Li et al., "Differentiable Monte Carlo Ray Tracing through Edge Sampling", SIGGRAPH Asia 2018, section 3, with the sampling
 * replaced by a walk over pixels.
 *
 * @param out - `[B, V, 4]`; column z is 0.
 */
export function antialiasEdgesBackpropVerticesImpl(dy: FloatArray, image: FloatArray, scene: SilhouetteScene, out: FloatArray, sizes: SilhouetteSizes): void {
  const { channels, height, width } = sizes, { vertices } = scene;
  out.fill(0);
  walkSilhouettes(scene, sizes, ({ pixel, inner, outer, innerNext, outerNext, innerReach, outerReach, first, second, at, normalX, normalY }) => {
    let gain = 0;
    for (let k = 0; k < channels; k++) {
      const near = image[inner * channels + k]!, far = image[outer * channels + k]!;
      gain += dy[pixel * channels + k]! * (near + innerReach * (near - image[innerNext * channels + k]!) - far - outerReach * (far - image[outerNext * channels + k]!));
    }
    for (const [vertex, weight] of [[first, 1 - at], [second, at]] as const) {
      const w = vertices[vertex + 3]!, gx = (weight * gain * normalX * width) / (2 * w), gy = (-weight * gain * normalY * height) / (2 * w), gw = (gx * vertices[vertex]! + gy * vertices[vertex + 1]!) / w;
      if (!(Math.abs(gx) + Math.abs(gy) + Math.abs(gw) < STEEPEST_FRAGMENT)) continue; // a vertex in the plane of the eye, or as good as
      out[vertex]! += gx;
      out[vertex + 1]! += gy;
      out[vertex + 3]! -= gw;
    }
  });
}

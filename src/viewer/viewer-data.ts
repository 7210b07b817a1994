/** Everything that one viewer page shows; it sits in the page as JSON. */
export interface ViewerData {
  /** Shown as the page's title, e.g. the name of the photograph's file. */
  readonly title: string;
  readonly photo: {
    /** `data:` URL of the whole upright photograph, perhaps at a lower resolution. */
    readonly url: string;
    /** Pixels of the upright photograph: the space of `projection`, whatever the resolution of `url`. */
    readonly width: number;
    readonly height: number;
  };
  /** Arrays as base64 of their little-endian bytes: {@link encodeArray}. */
  readonly mesh: {
    /** float32 `[V, 3]`, mm. */
    readonly vertices: string;
    /** int32 `[F, 3]`. */
    readonly faces: string;
    /** float32 `[V, 3]` albedo, sRGB in [0, 1]. */
    readonly colors: string;
    /** float32 `[V]` in [0, 1]: the weight of the face mask, below a half where the mesh is skull, ear or neck. */
    readonly faceMask: string;
  };
  /** `[3][4]` mesh millimetres to photo pixels: `(u w, v w, w) = projection (x, y, z, 1)`. */
  readonly projection: readonly (readonly number[])[];
  /** The square that the mesh was fitted to. */
  readonly crop: {
    readonly size: number;
    /** `[2][3]` crop pixels to photo pixels. */
    readonly toPhoto: readonly (readonly number[])[];
  };
  /** In mesh millimetres and sRGB: `color = albedo (ambientColor + lightColor max(0, n . l))`. */
  readonly illumination: {
    readonly lightPosition: readonly number[];
    readonly lightColor: readonly number[];
    readonly ambientColor: readonly number[];
  };
  /** Rows of the page's panel of figures. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

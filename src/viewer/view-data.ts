import type { CameraNumbers, IlluminationNumbers } from '../dense/scene.ts';

/** Bytes that the page needs: fetched from its own server, or inside the page where it is one file. */
export type Resource = { readonly url: string } | { readonly base64: string };

/** Everything that the page of `retinamesh view` shows, as JSON in its element `data`. The page loads nothing that is not named here. */
export interface ViewData {
  readonly version: 1;
  /** Of the page, e.g. the name of the photograph's file, of the run or of the weights. */
  readonly title: string;
  /** A face model as `writeFaceModel` makes it (.safetensors); `null`: no sliders, `faces[].mesh` is shown. */
  readonly model: Resource | null;
  /** TensorFlow.js's `tfjs-backend-wasm-simd.wasm` (this library's own kernels are in the script); `null` with a model: decoded on the cpu backend, slowly. */
  readonly wasm: Resource | null;
  /** What was fitted, in the order of the scene file; empty for a bare model. */
  readonly faces: readonly ViewFace[];
  /** Address of the server-sent events of {@link ViewEvents}; `null` in an exported file. */
  readonly events: string | null;
}

/** One face of a {@link ViewData}. */
export interface ViewFace {
  /** In the list of faces, e.g. `face 3`. */
  readonly title: string;
  readonly photo: ViewPhoto | null;
  /** What was fitted: needed with a model, `null` where only `mesh` is known. */
  readonly scene: ViewScene | null;
  /** Where the face lies in the photograph; `null`: it is shown before a camera of the page's own. */
  readonly frame: ViewFrame | null;
  /** Rows of the panel of figures. */
  readonly facts: readonly ViewFact[];
  /** The mesh as it was decoded; needed without a model, not looked at with one. */
  readonly mesh: ViewMesh | null;
}

/** The whole upright photograph. */
export interface ViewPhoto {
  /** A `data:image/...` URL, or the address of an image on the page's own server; perhaps at a lower resolution. */
  readonly url: string;
  /** Pixels of the upright photograph: the space of `frame`, whatever the resolution behind `url`. */
  readonly width: number;
  readonly height: number;
}

/** The numbers of one face, as `scene.json` holds them. */
export interface ViewScene {
  /** `[latentSize]` */
  readonly latent: readonly number[];
  readonly camera: CameraNumbers;
  readonly illumination: IlluminationNumbers;
}

/** The square that a mesh was fitted to. */
export interface ViewFrame {
  /** `[3][4]` mesh millimetres to photo pixels: `(u w, v w, w) = projection (x, y, z, 1)`, pixel centres at +0.5. */
  readonly projection: readonly (readonly number[])[];
  /** Edge of the crop, in its own pixels. */
  readonly size: number;
  /** `[2][3]` crop pixels to photo pixels. */
  readonly cropToPhoto: readonly (readonly number[])[];
}

export interface ViewFact {
  readonly label: string;
  readonly value: string;
}

/** Arrays as base64 of their little-endian bytes: `encodeArray`. */
export interface ViewMesh {
  /** float32 `[V, 3]`, mm. */
  readonly vertices: string;
  /** int32 `[F, 3]`. */
  readonly faces: string;
  /** float32 `[V, 3]` albedo, sRGB in [0, 1]. */
  readonly colors: string;
  /** float32 `[V]` in [0, 1]: the weight of the face mask, below a half where the mesh is skull, ear or neck. */
  readonly faceMask: string;
  /** In mesh millimetres and sRGB: `color = albedo (ambientColor + lightColor max(0, n . l))`. */
  readonly illumination: IlluminationNumbers;
}

/** Events of the stream at `ViewData.events`, by name; the data of each is JSON on one line. */
export interface ViewEvents {
  /** Rows of `metrics.jsonl`: all so far in the first event, then only what is new. Every finite number but `step` and `time` becomes a curve. */
  readonly metrics: { readonly rows: readonly (Readonly<Record<string, number | null>> & { readonly step: number })[] };
  /** A fit that runs: shown in place of the first face. */
  readonly fit: { readonly step: number; readonly total: number; readonly scene: ViewScene; readonly frame: ViewFrame; readonly losses: Readonly<Record<string, number>> };
  /** The file behind `ViewData.model` was renewed: the page fetches it again. */
  readonly model: Readonly<Record<string, never>>;
  /** Nothing more will come; the page closes the stream. */
  readonly end: Readonly<Record<string, never>>;
}

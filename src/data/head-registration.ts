import type { HeadTopology } from './head-topology.ts';

/** The project's head in the shape of a scanned face, with the modes that scans have. */
export interface HeadRegistration {
  /** `[V, 3]` the neutral head, millimetres. */
  readonly neutral: Float64Array;
  /** `[V, 3]` where each vertex lies on the scanned face: corners of a triangle and their weights; weights of zero where it follows its neighbours. */
  readonly corners: Int32Array;
  readonly weights: Float32Array;
  /** `[identities, V, 3]` millimetres for a coefficient of 1; coefficients of people are standard normal. */
  readonly identity: Float32Array;
  /** `[expressions, V, 3]` millimetres at full strength. */
  readonly expression: Float32Array;
  readonly expressionNames: readonly string[];
  /** `[68]` the vertices nearest to the scanned face's own landmarks, iBUG order. */
  readonly landmarks68: Int32Array;
}

/** How near a registered head is to the scanned face, millimetres. */
export interface RegistrationErrors {
  /** `[V]` from each vertex to the scanned face; NaN for those that follow their neighbours. */
  readonly distance: Float64Array;
  /** Of those distances. */
  readonly median: number;
  readonly mean: number;
  readonly percentile95: number;
  readonly max: number;
  /** Vertices that lie on the scanned face, of how many that were drawn to it. */
  readonly matched: number;
  readonly drawn: number;
  /** From the vertices of the scan's narrow face, ears and neck left out, to the registered head; the insides of nostrils and lips count, what lies beyond the head's border does not. */
  readonly back: { readonly median: number; readonly mean: number; readonly percentile95: number };
  /** From the 51 landmarks that lead to where they lead. */
  readonly landmarks: { readonly mean: number; readonly max: number };
  /** Triangles that turned over. */
  readonly flipped: number;
}

/** What {@link HeadRegistration} is made for. */
export interface RegisterableHead {
  readonly topology: HeadTopology;
  /** `[V, 3]` millimetres. */
  readonly reference: Float64Array;
  /** `[V]` positions in `HEAD_PARTS`, and 1 on the lid margins and inner lips. */
  readonly part: Uint8Array;
  readonly rim: Uint8Array;
}

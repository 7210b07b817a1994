import { ArgumentError } from '../core/errors.ts';

/** The camera of a scene as plain numbers; mesh millimetres, +Y up. */
export interface CameraNumbers {
  /** `[3]` */
  readonly eye: readonly number[];
  /** `[3]` point that the centre of the crop shows. */
  readonly lookAt: readonly number[];
  /** In half crop heights. */
  readonly focalLength: number;
  /** Radians by which the camera is turned about its view ray; absent where the pose has none. */
  readonly roll?: number;
}

/** The light of a scene as plain numbers. */
export interface IlluminationNumbers {
  /** `[3]` mesh millimetres. */
  readonly lightPosition: readonly number[];
  /** `[3]` RGB, not negative. */
  readonly lightColor: readonly number[];
  /** `[3]` RGB, not negative. */
  readonly ambientColor: readonly number[];
}

/** The 128 + 7 + 9 numbers of one face. */
export interface SceneNumbers {
  readonly latent: Float32Array;
  readonly camera: CameraNumbers;
  readonly illumination: IlluminationNumbers;
}

/** Length of the whole vector for the project's latent of 128. */
export const LATENT_SIZE = 128;

/** Numbers of a scene after the latent: camera 7, illumination 9. */
export const POSE_AND_LIGHT = 16;

/**
 * What the seventh camera number that the image hardly shows is spent on: `look-at`, the papers' form, moves the look-at point
 * in depth; `roll` keeps it in the plane of the face and turns the camera about its view ray, for crops that are not levelled.
 */
export type PoseForm = 'look-at' | 'roll';

/**
 * Raw number i, after the latent, as (value at zero, unit, limit): `value = at + limit tanh(unit raw / limit)`, so that every real
 * number is valid and 1 is one standard deviation of the prior that holds the map's null directions.
 */
export const RAW_CAMERA = {
  /** Radians, the eye about the look-at point towards +X. */
  yaw: { at: 0, unit: 0.3, limit: 3.1 },
  /** Radians, the eye about the look-at point towards +Y. */
  pitch: { at: 0, unit: 0.2, limit: 1.5 },
  /** Log of the distance in metres. With the size held it only bends the perspective: nearly a null direction. */
  logDistance: { at: 0, unit: 0.25, limit: Math.log(4) },
  /** Millimetres. */
  lookAtX: { at: 0, unit: 15, limit: 1000 },
  lookAtY: { at: -10, unit: 15, limit: 1000 },
  /** Millimetres along the face's axis: with the distance and the size an exact null direction of a frontal camera. */
  lookAtZ: { at: 60, unit: 15, limit: 1000 },
  /** Radians. */
  roll: { at: 0, unit: 0.15, limit: 3.1 },
  /** Log of the focal length over its value at zero and over the distance: the size of the face in the crop. */
  logSize: { at: 0, unit: 0.12, limit: Math.log(8) },
} as const;

/** Focal length, in half crop heights, that shows 220 mm at a metre across the crop. */
export const FOCAL_AT_ZERO = 1000 / 110;

/** Light at zero: above the camera, and as much ambient light; a surface that faces it shows its albedo. */
export const RAW_LIGHT = {
  position: { at: [0, 700, 1500], unit: 1000, limit: 20_000 },
  /** `color = softplus(sharpness b(raw)) / sharpness`: positive, and nearly linear where it is bright. */
  color: { at: 0.5, unit: 0.25, limit: 4, sharpness: 8 },
} as const;

interface Bounded {
  readonly at: number;
  readonly unit: number;
  readonly limit: number;
}

const forward = ({ at, unit, limit }: Bounded, raw: number): number => at + limit * Math.tanh((unit * raw) / limit);

/** Values at the limit, which float32 reaches, come back as the largest raw number that is still told apart. */
const backward = ({ at, unit, limit }: Bounded, value: number): number => {
  const share = Math.min(1 - 1e-7, Math.max(1e-7 - 1, (value - at) / limit));
  return (limit / unit) * Math.atanh(share);
};

const { sharpness } = RAW_LIGHT.color;

const colorFromRaw = (raw: number): number => {
  const x = sharpness * forward(RAW_LIGHT.color, raw);
  return (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))) / sharpness;
};

const rawFromColor = (color: number): number => {
  const y = sharpness * Math.max(color, 1e-9);
  return backward(RAW_LIGHT.color, (y + Math.log(-Math.expm1(-y))) / sharpness);
};

/**
 * The scene that a raw vector stands for, on the host in float64; `sceneFromRaw` is the same map on tensors, where it is documented.
 *
 * @param raw - `[N]`, N - 16 of them the latent.
 * @throws {@link ArgumentError} if it is too short or holds NaN.
 */
export function sceneNumbers(raw: ArrayLike<number>, pose: PoseForm = 'look-at'): SceneNumbers {
  const latentSize = raw.length - POSE_AND_LIGHT;
  if (latentSize < 0) throw new ArgumentError('sceneNumbers', 'raw', `at least ${POSE_AND_LIGHT} numbers`, String(raw.length));
  for (let i = 0; i < raw.length; i++) if (Number.isNaN(raw[i]!)) throw new ArgumentError('sceneNumbers', `raw[${i}]`, 'a number', 'NaN');
  const at = (i: number): number => raw[latentSize + i]!;
  const { yaw, pitch, logDistance, lookAtX, lookAtY, lookAtZ, roll, logSize } = RAW_CAMERA;
  const psi = forward(yaw, at(0)), theta = forward(pitch, at(1)), distance = 1000 * Math.exp(forward(logDistance, at(2)));
  const depth = pose === 'look-at' ? forward(lookAtZ, at(5)) : lookAtZ.at;
  const lookAt = [forward(lookAtX, at(3)), forward(lookAtY, at(4)), depth];
  const direction = [Math.sin(psi) * Math.cos(theta), Math.sin(theta), Math.cos(psi) * Math.cos(theta)];
  const focalLength = FOCAL_AT_ZERO * (distance / 1000) * Math.exp(forward(logSize, at(6)));
  const { position } = RAW_LIGHT;
  return {
    latent: Float32Array.from({ length: latentSize }, (_, i) => raw[i]!),
    camera: {
      eye: lookAt.map((x, k) => x + distance * direction[k]!), lookAt, focalLength,
      ...(pose === 'roll' ? { roll: forward(roll, at(5)) } : {}),
    },
    illumination: {
      lightPosition: position.at.map((x, k) => forward({ ...position, at: x }, at(7 + k))),
      lightColor: [10, 11, 12].map((i) => colorFromRaw(at(i))),
      ambientColor: [13, 14, 15].map((i) => colorFromRaw(at(i))),
    },
  };
}

/**
 * The raw vector of a scene: the inverse of {@link sceneNumbers}. What lies at or beyond a limit
 * of {@link RAW_CAMERA} or {@link RAW_LIGHT}, such as a colour of zero, comes back as what is nearest within it.
 *
 * @throws {@link ArgumentError} if eye and look-at point coincide, the focal length is not positive, or the form `roll` is asked
 *   of a look-at point off the plane of the face.
 */
export function rawNumbers({ latent, camera, illumination }: SceneNumbers, pose: PoseForm = 'look-at'): Float64Array {
  const { eye, lookAt, focalLength } = camera;
  const offset = eye.map((x, k) => x - lookAt[k]!), distance = Math.hypot(...offset);
  if (!(distance > 0)) throw new ArgumentError('rawNumbers', 'camera.eye', 'a place other than the look-at point', `[${eye}]`);
  if (!(focalLength > 0)) throw new ArgumentError('rawNumbers', 'camera.focalLength', 'a positive value', String(focalLength));
  const { yaw, pitch, logDistance, lookAtX, lookAtY, lookAtZ, roll, logSize } = RAW_CAMERA;
  if (pose === 'roll' && Math.abs(lookAt[2]! - lookAtZ.at) > 1e-3) {
    throw new ArgumentError('rawNumbers', 'camera.lookAt', `z = ${lookAtZ.at} in the pose form with roll`, String(lookAt[2]));
  }
  const { position } = RAW_LIGHT;
  return Float64Array.from([
    ...latent,
    backward(yaw, Math.atan2(offset[0]!, offset[2]!)), backward(pitch, Math.asin(offset[1]! / distance)),
    backward(logDistance, Math.log(distance / 1000)),
    backward(lookAtX, lookAt[0]!), backward(lookAtY, lookAt[1]!),
    pose === 'roll' ? backward(roll, camera.roll ?? 0) : backward(lookAtZ, lookAt[2]!),
    backward(logSize, Math.log(focalLength / FOCAL_AT_ZERO / (distance / 1000))),
    ...illumination.lightPosition.map((x, k) => backward({ ...position, at: position.at[k]! }, x)),
    ...illumination.lightColor.map(rawFromColor), ...illumination.ambientColor.map(rawFromColor),
  ]);
}

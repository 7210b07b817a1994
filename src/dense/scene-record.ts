import { ArgumentError, FormatError, UnsupportedError } from '../core/errors.ts';
import type { Affine, Box, Point } from './crop-frame.ts';
import type { CameraNumbers, IlluminationNumbers } from './scene.ts';

/** `[3][4]` mesh millimetres to pixels: `(u w, v w, w) = P (x, y, z, 1)`, pixel centres at +0.5. */
export type Projection = readonly (readonly number[])[];

/** One reconstructed face. All points are pixels of the upright photograph, pixel centres at +0.5. */
export interface FaceRecord {
  /** `[x1, y1, x2, y2]` as given, exclusive end. */
  readonly box: Box;
  /** Image-left eye, image-right eye, nose tip, image-left and image-right mouth corner: as given, otherwise of the fitted mesh. */
  readonly landmarks5: readonly Point[];
  /** Projections of the mesh points `landmarkVertices68`, in iBUG order. */
  readonly landmarks68: readonly Point[];
  /** `[68]` vertices; those of the outline slide to the visible edge. */
  readonly landmarkVertices68: readonly number[];
  readonly latent: readonly number[];
  /** Of the crop: focal length in half crop heights. */
  readonly camera: CameraNumbers;
  readonly illumination: IlluminationNumbers;
  /** `[2][3]` crop pixels, of a crop of `options.size`, to photo pixels. */
  readonly cropToPhoto: Affine;
  /** Mesh millimetres to photo pixels. */
  readonly projection: Projection;
  /** By name, as the fit ended. */
  readonly losses: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** What `scene.json` holds. */
export interface SceneRecord {
  readonly version: 1;
  readonly photo: { readonly width: number; readonly height: number };
  readonly model: { readonly name: string; readonly sha256: string };
  /** Everything that was asked for; `size` is the edge of crop and render, `backend` the engine that ran. */
  readonly options: Readonly<Record<string, unknown>> & { readonly size: number; readonly backend: string };
  readonly faces: readonly FaceRecord[];
}

/**
 * One face of a scene.
 *
 * @param number - Counts from 1, as the files of `reconstruct` do.
 * @throws {@link ArgumentError} if there is no such face.
 */
export function faceOfScene({ faces }: SceneRecord, number: number, where = 'faceOfScene'): FaceRecord {
  const face = faces[number - 1];
  if (!face) throw new ArgumentError(where, 'face', faces.length === 1 ? 'the number 1, the scene has one' : `a number from 1 to ${faces.length}`, String(number));
  return face;
}

/**
 * Reads a scene file and checks every field.
 *
 * @param where - Named in errors: the file.
 * @throws {@link FormatError} naming the field at fault; {@link UnsupportedError} for another version.
 */
export function parseSceneRecord(text: string, where = 'parseSceneRecord'): SceneRecord {
  const fail = (field: string, expected: string, actual: unknown): never => {
    throw new FormatError(where, 'the value', expected, describe(actual), field);
  };
  const root = fieldsOf(parseJson(text, where), 'the file', fail);
  if (root.version !== 1) throw new UnsupportedError(where, `version ${describe(root.version)} of a scene file`, 'this program reads version 1');
  const photo = fieldsOf(root.photo, 'photo', fail), model = fieldsOf(root.model, 'model', fail), options = fieldsOf(root.options, 'options', fail);
  const whole = (value: unknown, field: string, max: number): number =>
    (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max ? value as number : fail(field, `a whole number from 1 to ${max}`, value));
  const string = (value: unknown, field: string): string => (typeof value === 'string' ? value : fail(field, 'text', value));
  if (!Array.isArray(root.faces) || root.faces.length === 0) return fail('faces', 'at least one face', root.faces);
  return {
    version: 1,
    photo: { width: whole(photo.width, 'photo.width', 1e6), height: whole(photo.height, 'photo.height', 1e6) },
    model: { name: string(model.name, 'model.name'), sha256: string(model.sha256, 'model.sha256') },
    options: { ...options, size: whole(options.size, 'options.size', 4096), backend: string(options.backend, 'options.backend') },
    faces: root.faces.map((face, i) => readFace(face, `faces[${i}]`, fail)),
  };
}

type Fail = (field: string, expected: string, actual: unknown) => never;

function readFace(value: unknown, at: string, fail: Fail): FaceRecord {
  const face = fieldsOf(value, at, fail), camera = fieldsOf(face.camera, `${at}.camera`, fail), light = fieldsOf(face.illumination, `${at}.illumination`, fail);
  const numbers = (array: unknown, field: string, count?: number): number[] =>
    (Array.isArray(array) && (count === undefined || array.length === count) && array.every(Number.isFinite) ? array as number[]
      : fail(`${at}.${field}`, `${count ?? 'only'} finite numbers`, array));
  const table = (array: unknown, field: string, rows: number, columns: number): number[][] =>
    (Array.isArray(array) && array.length === rows ? array.map((row, r) => numbers(row, `${field}[${r}]`, columns)) : fail(`${at}.${field}`, `${rows} rows`, array));
  const number = (x: unknown, field: string): number => (Number.isFinite(x) ? x as number : fail(`${at}.${field}`, 'a finite number', x));
  const focalLength = number(camera.focalLength, 'camera.focalLength');
  if (!(focalLength > 0)) fail(`${at}.camera.focalLength`, 'a positive number', focalLength);
  const losses = Object.fromEntries(Object.entries(fieldsOf(face.losses, `${at}.losses`, fail)).map(([name, x]) => [name, number(x, `losses.${name}`)]));
  return {
    box: numbers(face.box, 'box', 4) as unknown as Box,
    landmarks5: table(face.landmarks5, 'landmarks5', 5, 2) as unknown as Point[],
    landmarks68: table(face.landmarks68, 'landmarks68', 68, 2) as unknown as Point[],
    landmarkVertices68: numbers(face.landmarkVertices68, 'landmarkVertices68', 68),
    latent: numbers(face.latent, 'latent'),
    camera: {
      eye: numbers(camera.eye, 'camera.eye', 3), lookAt: numbers(camera.lookAt, 'camera.lookAt', 3), focalLength,
      ...(camera.roll !== undefined && { roll: number(camera.roll, 'camera.roll') }),
    },
    illumination: {
      lightPosition: numbers(light.lightPosition, 'illumination.lightPosition', 3), lightColor: numbers(light.lightColor, 'illumination.lightColor', 3),
      ambientColor: numbers(light.ambientColor, 'illumination.ambientColor', 3),
    },
    cropToPhoto: table(face.cropToPhoto, 'cropToPhoto', 2, 3) as unknown as Affine,
    projection: table(face.projection, 'projection', 3, 4), losses, seconds: number(face.seconds, 'seconds'),
  };
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const { message } = error as Error, at = /position (\d+)/.exec(message)?.[1] ?? String(text.length);
    throw new FormatError(where, 'the text', 'JSON', message, `character ${at}`);
  }
}

function fieldsOf(value: unknown, field: string, fail: Fail): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : fail(field, 'an object', value);
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

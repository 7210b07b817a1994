import { FormatError } from '../core/errors.ts';

/** What the metadata of a face model's file says of its format. */
export const FACE_MODEL_FORMAT = { format: 'retinamesh-face-model', version: '1' } as const;

/**
 * Checks that the metadata is that of a face model, whose tensors are not looked at.
 *
 * @param where - Named in errors: the file.
 * @throws {@link FormatError} for another format or version.
 */
export function assertFaceModelFormat({ format, version }: Readonly<Record<string, string>>, where: string): void {
  if (format !== FACE_MODEL_FORMAT.format) throw new FormatError(where, 'the metadata field format', `value ${FACE_MODEL_FORMAT.format}`, format ?? 'nothing', 'the header');
  if (version !== FACE_MODEL_FORMAT.version) throw new FormatError(where, 'the metadata field version', `value ${FACE_MODEL_FORMAT.version}, the one that this release reads`, version ?? 'nothing', 'the header');
}

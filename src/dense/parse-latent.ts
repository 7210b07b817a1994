import { FormatError } from '../core/errors.ts';
import { faceOfScene, parseSceneRecord } from './scene-record.ts';

/**
 * Reads latent numbers from text: a JSON array, an object with a field `latent`, a scene file, or numbers
 * with spaces, commas or line ends between.
 *
 * @param size - How many there must be.
 * @param where - Named in errors: the file.
 * @param face - Which one of a scene file, from 1.
 * @throws {@link FormatError} if there are more or fewer, or one is not a finite number; {@link ArgumentError} if a scene has no such face.
 */
export function parseLatent(text: string, size: number, where = 'parseLatent', face = 1): Float32Array<ArrayBuffer> {
  const content = text.trim(), values = content.startsWith('[') || content.startsWith('{') ? fromJson(content, where, face) : content.split(/[\s,;]+/).filter(Boolean).map(Number);
  if (values.length !== size) throw new FormatError(where, 'the latent', `${size} numbers, as the decoder takes`, String(values.length), `number ${Math.min(values.length, size) + 1}`);
  const stray = values.findIndex((x) => typeof x !== 'number' || !Number.isFinite(Math.fround(x)));
  if (stray >= 0) throw new FormatError(where, 'the latent', 'a finite number', String(values[stray]), `number ${stray + 1}`);
  return Float32Array.from(values as number[]);
}

function fromJson(content: string, where: string, face: number): readonly unknown[] {
  const parsed = ((): unknown => {
    try {
      return JSON.parse(content);
    } catch (error) {
      throw new FormatError(where, 'the text', 'JSON, or numbers with spaces between', (error as Error).message, 'its start');
    }
  })();
  if (Array.isArray(parsed)) return parsed;
  if (Object.hasOwn(parsed as object, 'faces')) return faceOfScene(parseSceneRecord(content, where), face, where).latent;
  const { latent } = parsed as { latent?: unknown };
  if (!Array.isArray(latent)) throw new FormatError(where, 'the object', 'an array called latent', latent === undefined ? 'nothing' : JSON.stringify(latent).slice(0, 40), 'the top level');
  return latent;
}

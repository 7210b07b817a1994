import { FormatError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';

/** Container around the deflated bytes, as the web names them: `deflate` is zlib's. */
export type CompressionFormat = 'deflate' | 'deflate-raw' | 'gzip';

/** How bytes are inflated. */
export interface InflateOptions {
  readonly format: CompressionFormat;
  /** Bytes that may come out; a bomb is stopped when they are exceeded. */
  readonly maxBytes: number;
  /** Where the compressed bytes begin in their file, for errors. */
  readonly offset: number;
}

export const INFLATE_DEFAULTS: InflateOptions = { format: 'deflate', maxBytes: 1 << 28, offset: 0 };

/**
 * Inflates compressed bytes by the platform's own `DecompressionStream`, in Node and in pages.
 *
 * Bytes after the end of the compressed ones are ignored by some platforms and refused by others.
 *
 * @throws {@link FormatError} if they are damaged, end early or hold more than `maxBytes`.
 */
export async function inflate(bytes: Uint8Array, where = 'inflate', options: Partial<InflateOptions> = {}): Promise<Uint8Array> {
  const { format, maxBytes, offset } = resolveOptions('inflate', INFLATE_DEFAULTS, options);
  const stream = new DecompressionStream(format), writer = stream.writable.getWriter(), reader = stream.readable.getReader();
  // What goes wrong here is also seen by the reader, which reports it.
  const written = writer.write(Uint8Array.from(bytes)).then(() => writer.close()).catch(() => {});
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: Error) => {
      throw new FormatError(where, 'the compressed data', `whole ${format} data`, reasonOf(error), `byte ${offset}`);
    });
    if (done) break;
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel().catch(() => {});
      throw new FormatError(where, 'the compressed data', `at most ${maxBytes} bytes once inflated`, 'more', `byte ${offset}`);
    }
    chunks.push(value);
  }
  await written;
  return concatenate(chunks, size);
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const out = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

const reasonOf = (error: Error): string => ((error.cause as Error | undefined)?.message ?? error.message).split('\n')[0]!;

import { join } from './mat-file.ts';

/** An entry of a tar archive; `size` in place of the true one. */
export interface TarSpec {
  readonly path: string;
  readonly text?: string;
  readonly type?: string;
  readonly prefix?: string;
  readonly size?: string;
}

/** A ustar archive, right or wrong, with a right checksum. */
export function tarFile(entries: readonly TarSpec[]): Uint8Array {
  return join(...entries.flatMap(({ path, text = '', type = '0', prefix = '', size }) => {
    const data = new TextEncoder().encode(text), header = new Uint8Array(512);
    const put = (at: number, value: string): void => header.set(Uint8Array.from(value, (c) => c.charCodeAt(0)), at);
    put(0, path);
    put(124, size ?? data.length.toString(8).padStart(11, '0'));
    put(148, '        ');
    put(156, type);
    put(257, 'ustar\x0000');
    put(345, prefix);
    put(148, `${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `);
    return [header, data, new Uint8Array((512 - (data.length % 512)) % 512)];
  }), new Uint8Array(1024));
}

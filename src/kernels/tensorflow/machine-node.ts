import { UnsupportedError } from '../../core/errors.ts';

/** What a native library has to fit. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Version of the GNU C library; `null` on another one, such as musl. */
  readonly glibc: string | null;
}

/** The machine of this process. */
export function thisMachine(): Machine {
  const report = process.report as typeof process.report & { excludeNetwork: boolean };
  report.excludeNetwork = true; // else it looks up names, which takes seconds
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return { platform: process.platform, arch: process.arch, glibc: header.glibcVersionRuntime ?? null };
}

/**
 * Throws where TensorFlow's libraries, as they are published for Linux, cannot be loaded.
 *
 * @throws {@link UnsupportedError}
 */
export function assertMachine(where: string, { platform, arch, glibc }: Machine): void {
  const lacks = platform !== 'linux' || arch !== 'x64' ? `${platform}-${arch}` : glibc === null ? 'Linux without glibc, e.g. Alpine' : null;
  if (lacks) throw new UnsupportedError(where, lacks, 'it takes Linux on x64 with glibc; the wasm backend runs everywhere');
}

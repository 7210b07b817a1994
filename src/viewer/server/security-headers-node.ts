import { createHash } from 'node:crypto';

/** What every answer says: to be taken for what it is, by its own origin alone, and not to be kept. */
const ALWAYS = {
  'Cache-Control': 'no-store', 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Resource-Policy': 'same-origin', 'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'DENY',
} as const;

/** Headers of an answer that is no page: nothing in it may run. */
export const dataHeaders = (): Record<string, string> => ({ ...ALWAYS, 'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox" });

/**
 * Headers of a page with inline scripts: they and no others run, told by their SHA-256, and compile WebAssembly; everything else comes from this server.
 *
 * @param page - The whole page.
 */
export function pageHeaders(page: string): Record<string, string> {
  const scripts = [...page.matchAll(/<script(?: type="module")?>([\s\S]*?)<\/script>/g)].map(([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`);
  const policy = [
    "default-src 'none'", `script-src ${[...scripts, "'wasm-unsafe-eval'"].join(' ')}`, "connect-src 'self'", "img-src 'self' data: blob:", "style-src 'unsafe-inline'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ];
  return { ...ALWAYS, 'Content-Security-Policy': policy.join('; ') };
}

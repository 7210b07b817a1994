import { ArgumentError } from './errors.ts';

/**
 * Completes `given` from `defaults`. `undefined` means "not given".
 *
 * @throws {@link ArgumentError} if `given` holds a key that `defaults` does not: an option is never accepted and ignored.
 */
export function resolveOptions<T extends object>(where: string, defaults: T, given: { readonly [K in keyof T]?: T[K] | undefined } = {}): T {
  const unknown = Object.keys(given).filter((key) => !(key in defaults));
  if (unknown.length > 0) {
    throw new ArgumentError(where, 'options', `only the keys ${Object.keys(defaults).join(', ')}`, unknown.join(', '));
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaults, ...set };
}

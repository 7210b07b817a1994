import { ArgumentError } from './errors.ts';

/** A size that must match exactly, or a name that binds to whatever size arrives first. */
export type Dim = number | string;

/**
 * Asserts that `shape` matches `pattern`, binding named sizes in `bound`.
 *
 * Passing one `bound` object through several calls makes `V` mean the same number everywhere, which
 * turns the shapes written in doc comments into checks.
 *
 * @throws {@link ArgumentError} if the rank or any size differs.
 *
 * @example
 * ```ts
 * const dims = {};
 * assertShape('shade', 'normals', normals.shape, ['B', 'V', 3], dims);
 * assertShape('shade', 'albedo', albedo.shape, ['B', 'V', 3], dims); // same B and V
 * ```
 */
export function assertShape(
  where: string,
  what: string,
  shape: readonly number[],
  pattern: readonly Dim[],
  bound: Record<string, number> = {},
): void {
  const before = { ...bound };
  const matches = shape.length === pattern.length && pattern.every((dim, axis) => {
    const size = shape[axis]!;
    if (typeof dim === 'number') return size === dim;
    return (bound[dim] ??= size) === size;
  });
  if (!matches) {
    const wanted = pattern.map((dim) => (typeof dim === 'string' && dim in before ? `${dim}=${before[dim]}` : dim));
    throw new ArgumentError(where, what, `shape [${wanted}]`, `[${shape}]`);
  }
}

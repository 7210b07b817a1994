import type { MakeHumanBase } from './makehuman.ts';

/**
 * Labels the parts that the texture map is cut into: quads that share an edge with the same texture coordinates are of one part.
 *
 * @param quadIndex - The quads to look at.
 * @returns Per entry of `quadIndex` the lowest quad of its part.
 */
export function uvIslands({ quadUvs }: MakeHumanBase, quadIndex: readonly number[]): Int32Array {
  const parent = new Map<number, number>(quadIndex.map((q) => [q, q])), edgeOwner = new Map<string, number>();
  const root = (q: number): number => {
    let r = q;
    while (parent.get(r)! !== r) r = parent.get(r)!;
    for (let at = q; at !== r;) {
      const next = parent.get(at)!;
      parent.set(at, r);
      at = next;
    }
    return r;
  };
  for (const q of quadIndex) {
    for (let k = 0; k < 4; k++) {
      const a = quadUvs[4 * q + k]!, b = quadUvs[4 * q + (k + 1) % 4]!, key = `${Math.min(a, b)} ${Math.max(a, b)}`, other = edgeOwner.get(key);
      if (other === undefined) edgeOwner.set(key, q);
      else {
        const [low, high] = [root(q), root(other)].sort((x, y) => x - y);
        parent.set(high!, low!);
      }
    }
  }
  return Int32Array.from(quadIndex, root);
}

/**
 * The first object key that occurs twice in one object of `text`, which `JSON.parse` would silently drop, and its
 * character offset; `undefined` if there is none.
 *
 * @param text - JSON that `JSON.parse` has accepted.
 */
export function findDuplicateKey(text: string): { readonly key: string; readonly offset: number } | undefined {
  const scopes: (Set<string> | null)[] = [];
  const token = /"(?:[^"\\]+|\\.)*"|[{}[\]]/gs;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [piece] = match;
    if (piece === '{') scopes.push(new Set());
    else if (piece === '[') scopes.push(null);
    else if (piece === '}' || piece === ']') scopes.pop();
    else if (colonFollows(text, token.lastIndex)) {
      const keys = scopes.at(-1), key = JSON.parse(piece) as string;
      if (keys?.has(key)) return { key, offset: match.index };
      keys?.add(key);
    }
  }
  return undefined;
}

function colonFollows(text: string, from: number): boolean {
  let i = from;
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++;
  return text[i] === ':';
}

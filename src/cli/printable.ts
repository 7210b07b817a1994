const ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text on one line of a terminal: control characters, which a file's name may have, are written out (`\n`, `\u001b`); all else stays. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, (c) => ESCAPES[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

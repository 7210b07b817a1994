import type { Random } from '../../src/core/random.ts';

const HOSTILE_NUMBERS = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fc00000, 0x7f800000];
const HOSTILE_TEXTS = ['-1', '0', '4294967296', '99999999999999999999', 'nan', 'inf', '1e999', '-', '', ' ', '\n', '"', '{', ']', 'null'];

/** A damaged copy: cut short, bytes changed, a 32-bit word or a decimal replaced by a number that lies, a part repeated or left out. */
export function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const at = (): number => random.integer(bytes.length + 1), out = Uint8Array.from(bytes);
  switch (random.integer(6)) {
    case 0: return out.subarray(0, at());
    case 1: {
      for (let i = 1 + random.integer(4); i > 0; i--) out[random.integer(out.length)] = random.integer(256);
      return out;
    }
    case 2: {
      const word = HOSTILE_NUMBERS[random.integer(HOSTILE_NUMBERS.length)]!, offset = 4 * random.integer(Math.max(1, out.length >> 2));
      if (offset + 4 <= out.length) new DataView(out.buffer).setUint32(offset, word, random.uniform() < 0.5);
      return out;
    }
    case 3: return replaceNumber(out, random);
    case 4: {
      const [a, b] = [at(), at()].sort((x, y) => x - y) as [number, number];
      return join(out.subarray(0, b), out.subarray(a));
    }
    default: {
      const a = at(), b = Math.min(bytes.length, a + 1 + random.integer(40));
      return join(out.subarray(0, a), out.subarray(b));
    }
  }
}

// One of the runs of digits becomes another text, or one more or less. The runs of a large file are counted, not kept.
function replaceNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const text = new TextDecoder('latin1').decode(bytes);
  let count = 0;
  for (const _ of text.matchAll(/\d+/g)) count++;
  if (count === 0) return bytes;
  let skip = random.integer(count), at = 0, digits = '';
  for (const { index, 0: run } of text.matchAll(/\d+/g)) {
    [at, digits] = [index, run];
    if (skip-- === 0) break;
  }
  const lie = random.uniform() < 0.4 ? String(Number(digits) + (random.uniform() < 0.5 ? 1 : -1)) : HOSTILE_TEXTS[random.integer(HOSTILE_TEXTS.length)]!;
  return join(bytes.subarray(0, at), new TextEncoder().encode(lie), bytes.subarray(at + digits.length));
}

// Without arrays of numbers between, which would take eight times the memory that the reader is measured by.
function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

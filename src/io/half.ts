// IEEE 754 binary16 and bfloat16 against binary32, rounded to nearest, ties to even.
const floatView = new Float32Array(1);
const bitsView = new Uint32Array(floatView.buffer);

/** Widens binary16 bit patterns; exact. */
export function widenHalf(bits: Uint16Array): Float32Array {
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const h = bits[i]!, exponent = (h >>> 10) & 31, fraction = h & 1023;
    const magnitude = exponent === 31 ? (fraction ? NaN : Infinity)
      : exponent === 0 ? fraction * 2 ** -24
      : (1024 + fraction) * 2 ** (exponent - 25);
    out[i] = h & 0x8000 ? -magnitude : magnitude;
  }
  return out;
}

/** Narrows to binary16, nearest even; beyond 65,519 the result is infinite. */
export function narrowHalf(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    floatView[0] = values[i]!;
    const bits = bitsView[0]!, sign = (bits >>> 16) & 0x8000, magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) out[i] = sign | 0x7e00;
    else if (magnitude >= 0x47800000) out[i] = sign | 0x7c00;
    else if (magnitude < 0x38800000) out[i] = sign | roundEven(Math.abs(values[i]!) * 2 ** 24);
    else out[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  return out;
}

/** Widens bfloat16 bit patterns; exact. */
export function widenBfloat16(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (b) => b << 16).buffer);
}

/** Narrows to bfloat16, nearest even. */
export function narrowBfloat16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    floatView[0] = values[i]!;
    const bits = bitsView[0]!;
    out[i] = Number.isNaN(values[i]) ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  }
  return out;
}

// Subnormals scaled to [0, 1024] hold a fraction exactly: a double has bits to spare.
function roundEven(x: number): number {
  const floor = Math.floor(x), rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

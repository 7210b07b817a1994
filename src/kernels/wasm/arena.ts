/** Bytes of a float32. */
export const FLOAT = 4;

/** Channels a recurrence carries: filled up with zeros to whole vectors, to eight where that is not far. */
export const padded = (channels: number): number => (channels % 4 === 0 ? channels : Math.ceil(channels / (channels > 4 ? 8 : 4)) * (channels > 4 ? 8 : 4));

/** Gives consecutive parts of one piece of scratch memory, 16-byte aligned. */
export function createArena(pointer: number): (floats: number) => number {
  let next = pointer;
  return (floats) => {
    const at = next;
    next += Math.ceil(floats * FLOAT / 16) * 16;
    return at;
  };
}

import { expect, it } from 'vitest';
import { headPieces } from '../../src/data/head-pieces.ts';
import { HEAD_PARTS, type HeadPart } from '../../src/data/head-half.ts';

/** A strip of skin, rim and three rings inwards for the left eye and for the mouth; balls and teeth apart. */
const LIST: readonly (readonly [part: HeadPart, rim: 0 | 1, x: number, y: number])[] = [
  ['skin', 0, 30, 22], ['skin', 1, 30, 20], ['socket', 0, 30, 19], ['socket', 0, 30, 18], ['socket', 0, 30, 17], ['eyeball', 0, 30, 15], ['eyeball', 0, -30, 15],
  ['skin', 0, 1, -40], ['skin', 1, 1, -45], ['mouth', 0, 1, -46], ['mouth', 0, 1, -47], ['mouth', 0, -1, -48], ['upper teeth', 0, 1, -44], ['lower teeth', 0, 1, -50], ['skin', 1, -30, 20]];
const topology = { faces: Int32Array.of(0, 1, 2, 1, 2, 3, 2, 3, 4, 7, 8, 9, 8, 9, 10, 9, 10, 11), faceMask: new Float32Array(0), region: new Uint8Array(0), landmarks68: new Int32Array(0), landmarks5: new Int32Array(0), mirror: new Int32Array(0) };

it('sorts a head into skin, eyes with lids and sockets, lips, cavity and teeth', () => {
  const { skin, eyes: [left, right], upperTeeth, lowerTeeth, lips, cavity } = headPieces({ topology, reference: Float64Array.from(LIST.flatMap(([, , x, y]) => [x, y, 0])), part: Uint8Array.from(LIST, ([part]) => HEAD_PARTS.indexOf(part)), rim: Uint8Array.from(LIST, ([, rim]) => rim) });
  expect([...skin]).toEqual([0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14]);
  expect([left!, right!].map(({ ball, lids, socket }) => [[...ball], [...lids], [...socket]])).toEqual([[[5], [1], [4]], [[6], [14], []]]);
  expect([lips, cavity, upperTeeth, lowerTeeth].map((list) => [...list])).toEqual([[8], [11], [12], [13]]);
});

import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { FileFaults } from '../../src/io/file-faults.ts';
import { describePickle, PickleDict, PickleSequence, type PickleValue } from '../../src/io/pickle-values.ts';
import { readPickle } from '../../src/io/pickle.ts';
import { globalOpcode, Raw, u32, writePickle } from '../support/torch-writer.ts';

const read = (bytes: Uint8Array): PickleValue => readPickle(bytes, new FileFaults('x.pkl', 'nothing was run')).value;
const raw = (...bytes: number[]): Uint8Array => writePickle(new Raw(bytes));
/** To JavaScript: dictionaries as maps, tuples and lists as arrays. */
const plain = (value: PickleValue): unknown => (value instanceof PickleDict ? new Map([...value.entries].map(([k, v]) => [k, plain(v)])) : value instanceof PickleSequence ? value.items.map(plain) : value);

describe('readPickle', () => {
  it('reads plain data and says where it ends', () => {
    const bytes = writePickle(new Map<string, never>([['a', [1, -2.5, 'ü', null, true] as never], ['b', { list: [false, 2 ** 40] } as never]]));
    expect(plain(read(bytes))).toEqual(new Map<string, unknown>([['a', [1, -2.5, 'ü', null, true]], ['b', [false, 2 ** 40]]]));
    expect(readPickle(Uint8Array.from([7, 7, ...bytes, 9]), new FileFaults('x', 'y'), undefined, 2).end).toBe(bytes.length + 2);
  });

  it.each<[string, number[], unknown]>([
    ['BININT', [0x4a, ...u32(-3)], -3], ['BININT1', [0x4b, 255], 255], ['BININT2', [0x4d, 1, 2], 513], ['LONG1 of nothing', [0x8a, 0], 0], ['LONG1 below zero', [0x8a, 1, 0xfe], -2], ['LONG1 of 16 bytes', [0x8a, 16, ...new Array<number>(15).fill(0), 0x80], -(2n ** 127n)],
    ['LONG1 that is big', [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1], 2n ** 64n], ['SHORT_BINSTRING', [0x55, 2, 0x61, 0x62], 'ab'], ['BINSTRING', [0x54, ...u32(1), 0x61], 'a'],
    ['TUPLE1', [0x4b, 1, 0x85], [1]], ['TUPLE2', [0x4b, 1, 0x4b, 2, 0x86], [1, 2]], ['TUPLE3', [0x4b, 1, 0x4b, 2, 0x4b, 3, 0x87], [1, 2, 3]], ['EMPTY_TUPLE', [0x29], []],
    ['APPEND', [0x5d, 0x4b, 1, 0x61], [1]], ['SETITEM', [0x7d, 0x4b, 1, 0x4b, 2, 0x73], new Map([[1, 2]])],
    ['BINPUT, BINGET', [0x4b, 9, 0x71, 0, 0x68, 0, 0x86], [9, 9]], ['LONG_BINPUT, LONG_BINGET', [0x4b, 9, 0x72, ...u32(2 ** 32 - 1), 0x6a, ...u32(2 ** 32 - 1), 0x86], [9, 9]],
  ])('knows %s', (_, bytes, value) => expect(plain(read(raw(...bytes)))).toEqual(value));

  it.each<[string, Uint8Array, RegExp]>([
    ['a global', raw(...globalOpcode('posix.system')), /x\.pkl: the global posix\.system at byte 2 is not supported; nothing was run$/],
    ['a global whose name is no text', raw(0x63, 1, 10, 0xff, 10), /the global "\\u0001\.\\u00ff" at byte 2/],
    ['a storage kind', raw(...globalOpcode('torch.ComplexFloatStorage')), /the storage kind torch\.ComplexFloatStorage at byte 2/],
    ['a persistent id', raw(0x4b, 1, 0x51), /a persistent id \(opcode BINPERSID\) at byte 4/],
    ['another protocol', Uint8Array.of(0x80, 4, 0x4e, 0x2e), /pickle protocol 4, other than 2, at byte 0/],
    ['INST', raw(0x28, 0x69, 0x6f, 0x73, 10, 0x73, 10), /the opcode INST at byte 3/],
    ['STACK_GLOBAL', raw(0x93), /the opcode STACK_GLOBAL at byte 2/],
    ['DUP', raw(0x4e, 0x32), /the opcode DUP at byte 3/],
    ['an extension', raw(0x82, 1), /the opcode EXT1 at byte 2/],
    ['no opcode at all', raw(0xff), /the opcode 0xff at byte 2/],
    ['the state of a list', raw(0x5d, 0x4e, 0x62), /the state \(opcode BUILD\) of a list of 0 at byte 4/],
    ['an integer of 255 bytes', raw(0x8a, 255), /an integer of 255 bytes at byte 2/],
    ['a text of 16 MiB and a byte', Uint8Array.from({ length: 7 + (1 << 24) + 2 }, (_, i) => [0x80, 2, 0x58, 1, 0, 0, 1][i] ?? 0x61), /a text of 16777217 bytes at byte 2/],
    ['a key that is no plain value', raw(0x7d, 0x29, 0x4e, 0x73), /a tuple of 0 as the key of a dictionary at byte 5/],
    ['more opcodes than the limit', Uint8Array.from({ length: 600_000 }, (_, i) => (i === 0 ? 0x80 : i === 1 ? 2 : 0x4e)), /more than 500000 opcodes at byte 500001/],
    ['more objects than the limit', Uint8Array.from({ length: 500_000 }, (_, i) => (i === 0 ? 0x80 : i === 1 ? 2 : 0x7d)), /more than 100000 objects at byte 100002/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(UnsupportedError);
    expect(() => read(bytes)).toThrow(message);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /the pickle at byte 0 to have the opcode PROTO at its start, got its end/],
    ['something else', Uint8Array.of(1), /the opcode PROTO at its start, got byte 1/],
    ['an end without STOP', Uint8Array.of(0x80, 2, 0x4e), /the pickle at byte 3 to have 1 more bytes, got 0/],
    ['a text longer than the file', raw(0x58, ...u32(2 ** 32 - 1)), /4294967295 more bytes, got 1/],
    ['a text that is no UTF-8', raw(0x58, ...u32(1), 0xff), /a text at byte 2 to have valid UTF-8/],
    ['a number cut short', Uint8Array.of(0x80, 2, 0x47, 0, 0), /8 more bytes, got 2/],
    ['a name without end', raw(0x63, ...new Array<number>(300).fill(0x61)), /a name of at most 256 characters and a line feed, got none/],
    ['an empty stack', raw(), /the opcode STOP at byte 2 to have one value on the stack, got 0 and 0 open marks/],
    ['values left over', raw(0x4e, 0x4e), /got 2 and 0/],
    ['an open mark', raw(0x4e, 0x28), /got 1 and 1 open marks/],
    ['a tuple without mark', raw(0x4e, 0x74), /the stack at byte 3 to have a mark, got none/],
    ['a pop below a mark', raw(0x4e, 0x28, 0x85), /the stack at byte 4 to have a value, got none/],
    ['an append to nothing', raw(0x4b, 1, 0x61), /to have a value, got none/],
    ['an append to a tuple', raw(0x29, 0x4e, 0x61), /the form of a list, got a tuple of 0/],
    ['entries of a list', raw(0x5d, 0x4e, 0x4e, 0x73), /the form of a dictionary, got a list of 0/],
    ['a key without value', raw(0x7d, 0x28, 0x4e, 0x75), /a value for every key, got 1 keys and values/],
    ['a memo that is empty', raw(0x68, 3), /the memo at byte 2 to have an entry 3, got none/],
    ['a memo of nothing', raw(0x71, 3), /the stack at byte 2 to have a value/],
    ['a call of a number', raw(0x4b, 7, 0x29, 0x52), /the callee of REDUCE at byte 5 to have the form of a global, got 7/],
    ['an object of a number', raw(0x4b, 7, 0x29, 0x81), /the callee of NEWOBJ at byte 5 to have the form of a global, got 7/],
    ['a state of a number', raw(0x4b, 7, 0x4e, 0x62), /the form of an object, got 7/],
    ['a dictionary with a number as its state', raw(0x7d, 0x4b, 7, 0x62), /the state of a dictionary at byte 5 to have attributes in a dictionary, got 7/],
  ])('calls %s broken', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(FormatError);
    expect(() => read(bytes)).toThrow(message);
  });

  it('reads 90,000 tuples within one another, and a list that holds itself', () => {
    expect(describePickle(read(raw(0x4e, ...new Array<number>(90_000).fill(0x85))))).toBe('a tuple of 1');
    const list = read(raw(0x5d, 0x71, 0, 0x68, 0, 0x61)) as PickleSequence;
    expect(list.items[0]).toBe(list);
  });
});

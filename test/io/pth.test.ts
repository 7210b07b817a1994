import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { createRandom } from '../../src/core/random.ts';
import { type PthContent, readPth } from '../../src/io/pth.ts';
import { TENSOR_STORAGE } from '../../src/io/tensor-storage.ts';
import { expectTypedOrValid } from '../support/mutations.ts';
import { globalOpcode, legacyTensor, type Pickled, Raw, writeLegacy, writePickle, writeTorchZip, writeZip, type WrittenStorage, writtenStorage, writtenTensor } from '../support/torch-writer.ts';

const floats = writtenStorage('0', 'FloatStorage', Float32Array.from({ length: 24 }, (_, i) => i));
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A dictionary as a file of either format. */
const formats: [string, (dict: ReadonlyMap<Pickled, Pickled>, storages: readonly WrittenStorage[]) => Uint8Array, typeof writtenTensor][] = [
  ['zip', (dict, storages) => writeTorchZip(writePickle(dict), storages), writtenTensor],
  ['packed zip', (dict, storages) => writeTorchZip(writePickle(dict), storages, { deflate: true }), writtenTensor],
  ['legacy', (dict, storages) => writeLegacy(writePickle(dict), storages), legacyTensor],
];

describe.each(formats)('readPth, %s format', (_, write, tensor) => {
  const one = async (value: Pickled, ...storages: WrittenStorage[]): Promise<PthContent['tensors'][string]> => (await readPth(write(new Map([['x', value]]), storages))).tensors.x!;

  it.each<[string, ArrayBufferView & { readonly length: number }, string, readonly (number | bigint)[]]>([
    ['FloatStorage', Float32Array.of(1.5, NaN), 'F32', [1.5, NaN]], ['DoubleStorage', Float64Array.of(0.1, -0), 'F64', [0.1, -0]], ['HalfStorage', Uint16Array.of(0x3c00, 0xfc00), 'F16', [1, -Infinity]],
    ['BFloat16Storage', Uint16Array.of(0x3f80, 0xc040), 'BF16', [1, -3]], ['LongStorage', BigInt64Array.of(-(2n ** 60n), 7n), 'I64', [-(2n ** 60n), 7n]], ['IntStorage', Int32Array.of(-1, 2), 'I32', [-1, 2]],
    ['ShortStorage', Int16Array.of(-5, 5), 'I16', [-5, 5]], ['CharStorage', Int8Array.of(-128, 1), 'I8', [-128, 1]], ['ByteStorage', Uint8Array.of(255, 0), 'U8', [255, 0]], ['BoolStorage', Uint8Array.of(1, 0), 'BOOL', [1, 0]],
  ])('reads %s, row-major and every other number', async (kind, data, dtype, numbers) => {
    const storage = writtenStorage('7', kind, data), read = await one(tensor(storage, [2], [1]), storage);
    expect(read).toMatchObject({ dtype, shape: [2] });
    expect([...read.data]).toEqual(numbers);
    expect([...(await one(tensor(storage, [2, 1], [0, 1], 1), storage)).data]).toEqual([numbers[1], numbers[1]]);
  });

  it.each<[string, number[], number[], number, number[]]>([
    ['a whole', [2, 3, 4], [12, 4, 1], 0, range(24)],
    ['a scalar', [], [], 5, [5]],
    ['nothing', [0, 3], [3, 1], 0, []],
    ['nothing, far outside', [2, 0], [2 ** 50, 1], 24, []],
    ['an inner part', [2, 2], [4, 1], 5, [5, 6, 9, 10]],
    ['a transpose', [4, 6], [1, 4], 0, range(24).map((i) => Math.floor(i / 6) + 4 * (i % 6))],
    ['channels last', [2, 3, 2, 2], [12, 1, 6, 3], 0, [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23]],
    ['an expansion', [2, 3], [0, 1], 1, [1, 2, 3, 1, 2, 3]],
    ['an axis of one with an odd stride', [1, 3], [99, 2], 0, [0, 2, 4]],
    ['the last number', [1], [1], 23, [23]],
  ])('reads %s of a storage', async (__, shape, strides, offset, numbers) => {
    const { data, ...rest } = await one(tensor(floats, shape, strides, offset), floats);
    expect(rest).toEqual({ dtype: 'F32', shape });
    expect([...data]).toEqual(numbers);
  });

  it('reads numbers of 8 and 2 bytes across strides to the bit', async () => {
    const doubles = writtenStorage('d', 'DoubleStorage', BigUint64Array.of(1n, 0x7ff0_0000_0000_0001n, 3n, 0xfff8_0000_0000_beefn)), read = await one(tensor(doubles, [2, 2], [1, 2]), doubles);
    expect([...new BigUint64Array(read.data.buffer)]).toEqual([1n, 3n, 0x7ff0_0000_0000_0001n, 0xfff8_0000_0000_beefn]);
    const halves = writtenStorage('h', 'HalfStorage', Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400));
    expect([...(await one(tensor(halves, [2, 2], [1, 2]), halves)).data]).toEqual([1, 3, 2, 4]);
  });

  it('gives tensors that share a storage arrays of their own', async () => {
    const { tensors } = await readPth(write(new Map([['a', tensor(floats, [24], [1])], ['b', tensor(floats, [24], [1])]]), [floats]));
    tensors.a!.data.fill(0 as never);
    expect([...tensors.b!.data]).toEqual(range(24));
  });

  it('keeps the order, lists what is no tensor, and takes any name', async () => {
    const x = tensor(floats, [1], [1]), { tensors, path, skipped } = await readPth(write(new Map<Pickled, Pickled>([['z', x], ['epoch', 3], ['__proto__', x], ['a', x], ['arch', 'mobile'], [5, x], ['none', null], ['parts', { list: [x] }]]), [floats]));
    expect(Object.keys(tensors)).toEqual(['z', '__proto__', 'a']);
    expect(path).toEqual([]);
    expect(skipped).toEqual([{ name: 'epoch', what: '3' }, { name: 'arch', what: 'mobile' }, { name: '5', what: 'a tensor [1] of F32' }, { name: 'none', what: 'None' }, { name: 'parts', what: 'a list of 1' }]);
  });

  it.each(['state_dict', 'model_state_dict', 'model', 'net', 'network', 'weights'])('finds the dictionary under %s', async (key) => {
    const x = tensor(floats, [1], [1]), { tensors, path, skipped } = await readPth(write(new Map<Pickled, Pickled>([['best', x], ['optimizer', new Map([['state', x]])], [key, new Map([['a', x]])]]), [floats]));
    expect(Object.keys(tensors)).toEqual(['a']);
    expect(path).toEqual([key]);
    expect(skipped).toEqual([{ name: 'best', what: 'a tensor [1] of F32' }, { name: 'optimizer', what: 'a dictionary of 1' }]);
  });

  it('finds a dictionary within another, and takes a tensor called model for a tensor', async () => {
    const x = tensor(floats, [1], [1]), deep = await readPth(write(new Map([['model', new Map<Pickled, Pickled>([['state_dict', new Map([['a', x]])], ['step', 1]])]]), [floats]));
    expect(deep.path).toEqual(['model', 'state_dict']);
    expect(deep.skipped).toEqual([{ name: 'model.step', what: '1' }]);
    expect((await readPth(write(new Map([['model', x], ['b', x]]), [floats]))).path).toEqual([]);
  });

  it('reads parameters of any age, and the dictionaries of Python 2', async () => {
    const x = tensor(floats, [2], [1], 3), old = new Raw([...globalOpcode('torch.nn.parameter.Parameter'), 0x29, 0x81, ...writePickle([x, null, null, true, false]).slice(2, -1), 0x62]);
    const firstOf = { call: 'torch._utils._rebuild_tensor', args: (x as unknown as { args: Pickled[] }).args.slice(0, 4) };
    for (const value of [{ call: 'torch._utils._rebuild_parameter', args: [x, true, null] }, old, firstOf]) expect([...(await one(value, floats)).data]).toEqual([3, 4]);
    const { tensors } = await readPth(write(new Map([['state_dict', { call: 'collections.OrderedDict', args: [{ list: [{ list: ['a', x] }] }] }]]), [floats]));
    expect([...tensors.a!.data]).toEqual([3, 4]);
  });

  const state = (...args: Pickled[]): Pickled => ({ call: 'torch._utils._rebuild_tensor_v2', args });
  const whole = (tensor(floats, [1], [1]) as unknown as { args: Pickled[] }).args;
  const id = (...items: Pickled[]): Pickled => state({ persistent: items }, 0, [1], [1], false, null);
  const F = { global: 'torch.FloatStorage' };
  it.each<[string, Pickled, RegExp]>([
    ['a shape beyond its storage', tensor(floats, [25], [1]), /a tensor \[25\] with strides \[1\] at 0 at byte \d+.* to have all its numbers within a storage of 24, got number 24/],
    ['an offset beyond its storage', tensor(floats, [], [], 24), /within a storage of 24, got number 24/],
    ['strides beyond its storage', tensor(floats, [2, 2], [2 ** 52, 2 ** 52]), /within a storage of 24/],
    ['a huge shape', tensor(floats, [2 ** 52, 2 ** 52], [2 ** 52, 1]), /within a storage of 24/],
    ['a negative size', tensor(floats, [-1], [1]), /the shape of a tensor at byte \d+.* to have at most 32 counts in a tuple, got -1/],
    ['a fraction of a size', tensor(floats, [0.5], [1]), /counts in a tuple, got 0\.5/],
    ['a negative stride', tensor(floats, [1], [-1]), /the strides of a tensor at byte \d+.* to have at most 32 counts in a tuple, got -1/],
    ['a negative offset', tensor(floats, [1], [1], -1), /the storage offset of a tensor at byte \d+.* to have the form of a count, got -1/],
    ['an offset that is text', tensor(floats, [1], [1], 'x'), /the form of a count, got a text of 1 characters/],
    ['fewer strides than axes', tensor(floats, [1, 1], [1]), /a stride for each axis, got 2 axes and 1 strides/],
    ['33 axes', tensor(floats, new Array<number>(33).fill(1), new Array<number>(33).fill(1)), /the shape of a tensor at byte \d+.* to have at most 32 counts in a tuple, got a tuple of 33/],
    ['a tensor of no storage', state(1, 0, [1], [1], false, null), /a storage, an offset, a shape and strides, got 1, 0, a tuple of 1/],
    ['a tensor of three arguments', state(...whole.slice(0, 3)), /a storage, an offset, a shape and strides/],
    ['a parameter of nothing', { call: 'torch._utils._rebuild_parameter', args: [1] }, /_rebuild_parameter at byte \d+.* to have a tensor and two values, got 1/],
    ['a parameter with the state of nothing', new Raw([...globalOpcode('torch.nn.parameter.Parameter'), 0x29, 0x81, 0x4e, 0x62]), /the state of a parameter at byte \d+.* to have a tensor and four values, got None/],
    ['a dictionary of pairs that are none', { call: 'collections.OrderedDict', args: [{ list: [1] }] }, /pairs of a plain key and a value, got 1/],
    ['a dictionary of a number', { call: 'collections.OrderedDict', args: [1] }, /a list of pairs, or be absent, got 1/],
    ['a size of text', { call: 'torch.Size', args: ['x'] }, /torch\.Size at byte \d+.* to have at most 32 counts in a tuple, got a text of 1 characters/],
    ['an id that is no tuple', state({ persistent: 'x' }, 0, [1], [1], false, null), /a persistent id at byte \d+.* to have the form of a tuple/],
    ['an id without kind', id('storage', 1, '0', 'cpu', 24), /a kind, a key, a place and a count, got 1, a text/],
    ['an id with a negative count', id('storage', F, '0', 'cpu', -1), /a kind, a key, a place and a count, got .* -1/],
    ['an id with too much', id('storage', F, '0', 'cpu', 24, null, 1), /a kind, a key, a place and a count/],
    ['a part beyond its storage', id('storage', F, '0', 'cpu', 24, ['p', 20, 5]), /a part of a storage at byte \d+.* within 24, got a tuple of 3/],
    ['a storage of two sizes', [tensor(floats, [1], [1]), tensor({ ...floats, count: 23 }, [1], [1])], /a storage that comes again at byte \d+.* to have 24 F32 as before, got 23 F32/],
    ['a storage of two kinds', [tensor(floats, [1], [1]), tensor({ ...floats, kind: 'IntStorage' }, [1], [1])], /24 F32 as before, got 24 I32/],
  ])('calls %s broken', async (__, value, message) => {
    await expect(one(value, floats)).rejects.toThrow(FormatError);
    await expect(one(value, floats)).rejects.toThrow(message);
  });

  it.each<[string, Pickled, RegExp]>([
    ['a call of the shell', { call: 'posix.system', args: [`touch ${join(tmpdir(), 'retinamesh-pth-was-run')}`] }, /the global posix\.system at byte \d+.* is not supported; nothing of the file was run: only tensors are read, as torch\.save\(model\.state_dict\(\), file\) writes them/],
    ['a name like one that is known', { global: 'torch._utils._rebuild_tensor_v3' }, /the global torch\._utils\._rebuild_tensor_v3 at byte/],
    ['numbers of numpy', { global: 'numpy.core.multiarray.scalar' }, /the global numpy\.core\.multiarray\.scalar/],
    ['a call of a storage kind', { call: 'torch.FloatStorage', args: [] }, /a call \(opcode REDUCE\) of torch\.FloatStorage/],
    ['an object of a dictionary', new Raw([...globalOpcode('collections.OrderedDict'), 0x29, 0x81]), /a call \(opcode NEWOBJ\) of collections\.OrderedDict/],
    ['the state of a tensor', new Raw([...writePickle(tensor(floats, [1], [1])).slice(2, -1), 0x29, 0x62]), /the state \(opcode BUILD\) of a tensor \[1\] of F32/],
    ['complex numbers', tensor({ ...floats, kind: 'ComplexFloatStorage' }, [1], [1]), /the storage kind torch\.ComplexFloatStorage/],
    ['a storage of dictionaries', id('storage', { global: 'collections.OrderedDict' }, '0', 'cpu', 24), /the storage kind collections\.OrderedDict/],
    ['a whole module', { persistent: ['module', F, 'x.py', 'class X: pass'] }, /the persistent id of a module at byte/],
    ['a persistent id of something else', { persistent: [7] }, /the persistent id of 7 at byte/],
  ])('refuses %s', async (__, value, message) => {
    await expect(one(value, floats)).rejects.toThrow(UnsupportedError);
    await expect(one(value, floats)).rejects.toThrow(message);
    expect(existsSync(join(tmpdir(), 'retinamesh-pth-was-run'))).toBe(false);
  });

  it('refuses to make much out of little, before it makes it', async () => {
    const dot = writtenStorage('0', 'ByteStorage', Uint8Array.of(1));
    await expect(one(tensor(dot, [2 ** 36], [0]), dot)).rejects.toThrow(/a tensor \[68719476736\] of U8, which makes more than 4 times the file's \d+ bytes and 64 MiB, at byte/);
    const many = new Map(range(20).map((i) => [`${i}`, tensor(dot, [1 << 22], [0])]));
    await expect(readPth(write(many, [dot]))).rejects.toThrow(/a tensor \[4194304\] of U8, which makes more than/);
  });

  it('wants tensors', async () => {
    await expect(readPth(write(new Map([['x', 1]]), []))).rejects.toThrow(/the saved object at byte \d+ to have tensors in a dictionary, got a dictionary of 1/);
  });

  it('refuses booleans of 2', async () => {
    const two = writtenStorage('0', 'BoolStorage', Uint8Array.of(2));
    await expect(one(tensor(two, [1], [1]), two)).rejects.toThrow(/a tensor \[1\] of BOOL at byte \d+ to have booleans 0 or 1, got 2/);
  });

  it('answers 200 damages of a small file with a typed error or a valid result', async () => {
    const storages = [floats, writtenStorage('1', 'HalfStorage', Uint16Array.of(1, 2, 3)), writtenStorage('2', 'LongStorage', BigInt64Array.of(9n))];
    const file = write(new Map<Pickled, Pickled>([['state_dict', new Map([['a', tensor(floats, [6, 4], [1, 6])], ['b', tensor(storages[1]!, [3], [1])], ['c', tensor(storages[2]!, [], [])]])], ['epoch', 3]]), storages);
    const tally = await expectTypedOrValid((bytes) => readPth(bytes), expectValid, [file], 200, 4);
    expect(tally.refused).toBeGreaterThan(50);
  });
});

function expectValid({ tensors }: PthContent): void {
  for (const { dtype, shape, data } of Object.values(tensors)) {
    expect(data).toBeInstanceOf(TENSOR_STORAGE[dtype].host);
    expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
  }
}

describe('readPth', () => {
  const dict = new Map([['x', writtenTensor(floats, [1], [1])]]), legacyDict = new Map([['x', legacyTensor(floats, [1], [1])]]);
  const legacy = (storages: readonly WrittenStorage[], about?: Parameters<typeof writeLegacy>[2]): Uint8Array => writeLegacy(writePickle(legacyDict), storages, about);
  const text = (s: string): Uint8Array => new TextEncoder().encode(s);

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /w\.pth: expected the file at byte 0 to have the beginning of a file of torch\.save, in the zip format or the one before, got nothing/],
    ['something else', text('hello'), /got bytes 104 101 108 108/],
    ['another protocol', legacy([floats], { protocol: 1002 }), /the protocol at byte 15 to have the number 1001, got 1002/],
    ['a record of the machine that is none', legacy([floats], { machine: 1 }), /the record of the machine at byte \d+ to have little_endian true or false, got nothing/],
    ['a storage left out', legacy([]), /the list of storages at byte \d+ to have every storage that a tensor uses, got one less/],
    ['a storage of another count', legacy([{ ...floats, count: 25 }]), /a storage of 24 F32 at byte \d+ to have that count before its numbers, got 25/],
    ['a storage larger than the file', writeLegacy(writePickle(new Map([['x', legacyTensor({ ...floats, count: 2 ** 40 }, [1], [1])]])), [floats]), /a storage of 1099511627776 F32 at byte \d+ to have 8 bytes for its count and 4398046511104 for its numbers in the file, got 104/],
    ['a storage that nobody names', legacy([floats, { ...floats, key: 'other' }]), /the list of storages at byte \d+ to have keys that the object names, each once, got a text of 5 characters/],
    ['a storage twice', legacy([floats, floats]), /each once/],
    ['bytes to spare', Uint8Array.from([...legacy([floats]), 1]), /the file at byte \d+ to have no byte after its last storage, got 1/],
    ['a file cut short', legacy([floats]).subarray(0, -1), /a storage of 24 F32/],
    ['an archive without pickle', writeZip([['a/version', text('3')]]), /one entry <name>\/data\.pkl, as torch\.save writes it, got 0/],
    ['two pickles', writeZip([['a/data.pkl', writePickle(dict)], ['b/data.pkl', writePickle(dict)]]), /one entry <name>\/data\.pkl, as torch\.save writes it, got 2/],
    ['an entry left out', writeTorchZip(writePickle(dict), []), /a storage of 24 F32 at byte \d+ to have the zip entry archive\/data\/0, got none/],
    ['a key that leaves the archive', writeTorchZip(writePickle(new Map([['x', writtenTensor({ ...floats, key: '../../etc/passwd' }, [1], [1])]])), [floats]), /the zip entry archive\/data\/\.\.\/\.\.\/etc\/passwd, got none/],
    ['a storage of another size', writeTorchZip(writePickle(new Map([['x', writtenTensor({ ...floats, count: 2 ** 40 }, [1], [1])]])), [floats]), /a storage of 1099511627776 F32 at byte \d+ to have a zip entry of 4398046511104 bytes, got 96/],
    ['an odd byte order', writeZip([['a/data.pkl', writePickle(dict)], ['a/byteorder', text('middle')]]), /zip entry a\/byteorder at byte \d+ to have the text little or big, got middle/],
  ])('calls %s broken', async (_, bytes, message) => {
    await expect(readPth(bytes, 'w.pth')).rejects.toThrow(FormatError);
    await expect(readPth(bytes, 'w.pth')).rejects.toThrow(message);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a pickle by itself', writePickle(dict), /a pickle that torch\.save did not write at byte 0/],
    ['the tar format', Uint8Array.from([...new Uint8Array(257), ...text('ustar'), ...new Uint8Array(100)]), /the tar format of PyTorch before 0\.1\.10/],
    ['big-endian numbers', legacy([floats], { machine: new Map([['little_endian', false]]) }), /the byte order of a big-endian machine at byte \d+ is not supported/],
    ['big-endian numbers in zip', writeZip([['a/data.pkl', writePickle(dict)], ['a/byteorder', text('big')]]), /the byte order of a big-endian machine/],
    ['a pickle that unpacks to 17 MB', writeZip([['a/data.pkl', new Uint8Array(17 << 20), { deflate: true }]]), /a pickle of 17825792 bytes at byte 40/],
    ['a storage that unpacks to 1 GiB', writeZip([['a/data.pkl', writePickle(new Map([['x', writtenTensor({ key: '0', kind: 'ByteStorage', count: 1 << 30 }, [1], [1])]]))], ['a/data/0', new Uint8Array(1 << 20), { deflate: true, size: 1 << 30 }]]), /zip entry a\/data\/0 of 1073741824 bytes, which makes more than 4 times/],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(readPth(bytes, 'w.pth')).rejects.toThrow(UnsupportedError);
    await expect(readPth(bytes, 'w.pth')).rejects.toThrow(message);
  });

  it('says where in the file a global stands, also within a zip archive', async () => {
    for (const bytes of [writeTorchZip(writePickle({ global: 'os.system' }), []), writeLegacy(writePickle({ global: 'os.system' }), [])]) {
      const { message } = await readPth(bytes).then(() => { throw new Error('it was read'); }, (error: Error) => error), at = Number(/byte (\d+)/.exec(message)![1]);
      expect(String.fromCharCode(...bytes.subarray(at, at + 10))).toBe('cos\nsystem');
    }
    await expect(readPth(writeTorchZip(writePickle({ global: 'os.system' }), [], { deflate: true }))).rejects.toThrow(/the global os\.system at byte 2 of archive\/data\.pkl/);
  });

  it('does not stumble over dictionaries that hold themselves, or lie a hundred deep', async () => {
    const self = new Raw([0x7d, 0x71, 0, ...writePickle('model').slice(2, -1), 0x68, 0, 0x73]);
    await expect(readPth(writeTorchZip(writePickle(self), []))).rejects.toThrow(/tensors in a dictionary/);
    let deep: Pickled = dict;
    for (let i = 0; i < 100; i++) deep = new Map([['model', deep]]);
    await expect(readPth(writeTorchZip(writePickle(deep), [floats]))).rejects.toThrow(/tensors in a dictionary/);
  });

  it('copies no long list for every time that it is named', async () => {
    const list = [0x5d, 0x71, 0, 0x28, ...range(10_000).flatMap(() => [0x4e, 0x4e, 0x86]), 0x65], call = [...globalOpcode('collections.OrderedDict'), 0x71, 1, 0x68, 0, 0x85, 0x52];
    await expect(readPth(writeTorchZip(writePickle(new Raw([0x28, ...list, ...call, ...range(1000).flatMap(() => [0x68, 1, 0x68, 0, 0x85, 0x52]), 0x74])), []))).rejects.toThrow(/more than 500000 opcodes/);
  });

  it('reads a view of a part of a storage, as files of 2017 have it', async () => {
    const bytes = writeLegacy(writePickle(new Map([['x', legacyTensor(floats, [2], [1], 1, ['view', 10, 3])]])), [floats]);
    expect([...(await readPth(bytes)).tensors.x!.data]).toEqual([11, 12]);
    await expect(readPth(writeLegacy(writePickle(new Map([['x', legacyTensor(floats, [3], [1], 1, ['view', 10, 3])]])), [floats]))).rejects.toThrow(/within a storage of 3, got number 3/);
  });

  it('reads from a view into a larger buffer and shares nothing with it', async () => {
    for (const bytes of [legacy([floats]), writeTorchZip(writePickle(dict), [floats])]) {
      const padded = new Uint8Array(bytes.length + 3);
      padded.set(bytes, 3);
      const { tensors } = await readPth(padded.subarray(3));
      padded.fill(0xff);
      expect([...tensors.x!.data]).toEqual([0]);
    }
  });
});

describe.each([
  ['retinaface_mobilenet0.25.pth', 300, 'body.stage1.0.0.weight', [8, 3, 3, 3]],
  ['retinaface_mobilenet0.25_zip.pth', 300, 'LandmarkHead.2.conv1x1.bias', [20]],
  ['mobilenetv1_0.25_imagenet.pth', 164, 'module.fc.weight', [1000, 256]],
] as const)('%s (skipped where ../shared/data/weights is absent)', (name, count, tensor, shape) => {
  const path = `../shared/data/weights/${name}`, here = existsSync(path);
  it.skipIf(!here)('is read', async () => {
    const content = await readPth(new Uint8Array(readFileSync(path)), path);
    expectValid(content);
    expect(Object.keys(content.tensors)).toHaveLength(count);
    expect(content.tensors[tensor]).toMatchObject({ dtype: 'F32', shape });
  });

  it.skipIf(!here)('damaged in 200 ways ends in a typed error or a valid result', { timeout: 200_000 }, async () => {
    const file = new Uint8Array(readFileSync(path)), seed = createRandom(count).integer(1000);
    const tally = await expectTypedOrValid((bytes) => readPth(bytes), expectValid, [file], 200, seed);
    expect(tally.refused).toBeGreaterThan(50);
  });
});

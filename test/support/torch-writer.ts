import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../src/io/crc32.ts';

/** A value to pickle: plain data, maps as dictionaries, arrays as tuples, and what has no JavaScript of its own. */
export type Pickled = null | boolean | number | string | readonly Pickled[] | ReadonlyMap<Pickled, Pickled> | Raw
  | { readonly list: readonly Pickled[] } | { readonly global: string } | { readonly call: string; readonly args: readonly Pickled[] } | { readonly persistent: Pickled };

/** Opcodes as they are. */
export class Raw {
  constructor(readonly bytes: readonly number[]) {}
}

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
export const u16 = (value: number): number[] => [value & 255, (value >>> 8) & 255];
export const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
export const u64 = (value: number): number[] => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];

/** `module.name` as the opcode GLOBAL. */
export const globalOpcode = (name: string): number[] => [0x63, ...utf8(`${name.slice(0, name.lastIndexOf('.'))}\n${name.slice(name.lastIndexOf('.') + 1)}\n`)];

function opcodes(value: Pickled): number[] {
  if (value === null) return [0x4e];
  if (value instanceof Raw) return [...value.bytes];
  if (typeof value === 'boolean') return [value ? 0x88 : 0x89];
  if (typeof value === 'string') return [0x58, ...u32(utf8(value).length), ...utf8(value)];
  if (typeof value === 'number') return Number.isInteger(value) ? [0x8a, 8, ...new Uint8Array(BigInt64Array.of(BigInt(value)).buffer)] : [0x47, ...new Uint8Array(Float64Array.of(value).buffer).reverse()];
  if (value instanceof Map) return [0x7d, 0x28, ...[...value as ReadonlyMap<Pickled, Pickled>].flatMap(([k, v]) => [...opcodes(k), ...opcodes(v)]), 0x75];
  if (Array.isArray(value)) return [0x28, ...(value as readonly Pickled[]).flatMap(opcodes), 0x74];
  if ('list' in value) return [0x5d, 0x28, ...value.list.flatMap(opcodes), 0x65];
  if ('global' in value) return globalOpcode(value.global);
  if ('call' in value) return [...globalOpcode(value.call), ...opcodes(value.args), 0x52];
  if ('persistent' in value) return [...opcodes(value.persistent), 0x51];
  throw new Error('opcodes: no form for this value');
}

/** A pickle of protocol 2. */
export const writePickle = (value: Pickled): Uint8Array => Uint8Array.from([0x80, 2, ...opcodes(value), 0x2e]);

/** A storage as the tensors of a file name it. */
export interface WrittenStorage {
  readonly key: string;
  readonly kind: string;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** A storage of the numbers given. */
export const writtenStorage = (key: string, kind: string, data: ArrayBufferView & { readonly length: number }): WrittenStorage =>
  ({ key, kind, count: data.length, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice() });

/** A tensor over a storage. */
export const writtenTensor = (storage: Omit<WrittenStorage, 'bytes'>, shape: readonly Pickled[], strides: readonly Pickled[], offset: Pickled = 0): Pickled => ({
  call: 'torch._utils._rebuild_tensor_v2',
  args: [{ persistent: ['storage', { global: `torch.${storage.kind}` }, storage.key, 'cpu', storage.count] }, offset, shape, strides, false, { call: 'collections.OrderedDict', args: [] }],
});

/** As writtenTensor for the format before zip, whose ids have one field more. */
export const legacyTensor = (storage: Omit<WrittenStorage, 'bytes'>, shape: readonly Pickled[], strides: readonly Pickled[], offset: Pickled = 0, part: Pickled = null): Pickled => ({
  call: 'torch._utils._rebuild_tensor_v2',
  args: [{ persistent: ['storage', { global: `torch.${storage.kind}` }, storage.key, 'cuda:0', storage.count, part] }, offset, shape, strides, false, { call: 'collections.OrderedDict', args: [] }],
});

const MAGIC = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** A file of PyTorch's format before zip. */
export function writeLegacy(object: Uint8Array, storages: readonly WrittenStorage[], { protocol = 1001, machine = new Map<Pickled, Pickled>([['little_endian', true]]) as Pickled } = {}): Uint8Array {
  return Uint8Array.from([...MAGIC, ...writePickle(protocol), ...writePickle(machine), ...object, ...writePickle({ list: storages.map(({ key }) => key) }),
    ...storages.flatMap(({ count, bytes }) => [...u64(count), ...bytes])]);
}

/** How an entry of {@link writeZip} lies, and where it lies about itself. */
export interface ZipOptions {
  readonly deflate?: boolean;
  readonly size?: number;
  readonly crc?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly localName?: string;
}

/** A zip archive. */
export function writeZip(entries: readonly (readonly [name: string, content: Uint8Array, options?: ZipOptions])[], comment = ''): Uint8Array {
  const parts: Uint8Array[] = [], directory: number[] = [];
  let at = 0;
  for (const [name, content, { deflate = false, size = content.length, crc = crc32(content), method = deflate ? 8 : 0, flags = 0, localName = name } = {}] of entries) {
    const packed = deflate ? deflateRawSync(content) : content, about = [...u16(20), ...u16(flags), ...u16(method), ...u32(0), ...u32(crc), ...u32(packed.length), ...u32(size)];
    const local = Uint8Array.from([0x50, 0x4b, 3, 4, ...about, ...u16(utf8(localName).length), ...u16(0), ...utf8(localName)]);
    directory.push(0x50, 0x4b, 1, 2, ...u16(20), ...about, ...u16(utf8(name).length), ...u16(0), ...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(at), ...utf8(name));
    parts.push(local, packed);
    at += local.length + packed.length;
  }
  const end = [0x50, 0x4b, 5, 6, ...u32(0), ...u16(entries.length), ...u16(entries.length), ...u32(directory.length), ...u32(at), ...u16(comment.length), ...utf8(comment)];
  return new Uint8Array(Buffer.concat([...parts, Uint8Array.from(directory), Uint8Array.from(end)]));
}

/** A file of PyTorch's zip format. */
export const writeTorchZip = (object: Uint8Array, storages: readonly WrittenStorage[], options: ZipOptions = {}): Uint8Array => writeZip([
  ['archive/data.pkl', object, options], ['archive/byteorder', new TextEncoder().encode('little'), options],
  ...storages.map(({ key, bytes }) => [`archive/data/${key}`, bytes, options] as const), ['archive/version', new TextEncoder().encode('3\n')],
]);

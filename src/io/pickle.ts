import { type FileFaults, quoteText } from './file-faults.ts';
import { describePickle, isTuple, PickleDict, type PickleFaults, PickleGlobal, PickleObject, PickleSequence, type PickleValue } from './pickle-values.ts';

/** What a pickle may speak of beside plain data. */
export interface PickleDialect {
  /** By name with module. Any other is refused. */
  readonly globals: ReadonlyMap<string, PickleGlobal>;
  /** The object of a persistent id (opcode BINPERSID). */
  persistent(id: PickleValue, faults: PickleFaults): PickleObject;
}

/** No globals and no persistent ids: numbers, texts, lists and dictionaries. */
export const PLAIN_PICKLE: PickleDialect = {
  globals: new Map(),
  persistent: (_id, faults) => faults.refused('a persistent id (opcode BINPERSID)'),
};

/** Opcodes and objects of one pickle at most; a state_dict takes about 40 and 8 a tensor. Together they stay below 64 MiB. */
export const PICKLE_LIMITS = { operations: 500_000, objects: 100_000 } as const;

/** Integers and texts are made of so many bytes at most, names of so many characters. */
const MAX_LONG = 16, MAX_TEXT = 1 << 24, MAX_NAME = 256;

const LONG = new DataView(new ArrayBuffer(MAX_LONG));

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads one pickle of protocol 2 as data. The opcodes are those that dictionaries of tensors are written with; every
 * other, and every global that the dialect does not list, is refused by name. Nothing is looked up, imported or run.
 *
 * Cost: one step an opcode, bounded by {@link PICKLE_LIMITS}; no recursion.
 *
 * Format: CPython, Lib/pickletools.py.
 *
 * @param start - Its first byte.
 * @returns The value, and the byte after the pickle.
 * @throws FormatError for bytes that are no pickle; UnsupportedError naming the opcode or global that is refused.
 */
export function readPickle(bytes: Uint8Array, faults: FileFaults, dialect: PickleDialect = PLAIN_PICKLE, start = 0): { readonly value: PickleValue; readonly end: number } {
  const machine = new PickleMachine(bytes, faults, dialect, start);
  return { value: machine.run(), end: machine.next };
}

class PickleMachine {
  readonly stack: PickleValue[] = [];
  /** Heights of the stack at which the open marks stand. */
  readonly marks: number[] = [];
  readonly memo = new Map<number, PickleValue>();
  /** The opcode that runs, and the first byte not yet read. */
  at: number;
  next: number;
  private operations = 0;
  private objects = 0;
  private readonly view: DataView;
  private readonly here: PickleFaults;

  constructor(private readonly bytes: Uint8Array, faults: FileFaults, readonly dialect: PickleDialect, start: number) {
    this.at = this.next = start;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.here = { broken: (what, expected, actual) => faults.broken(what, expected, actual, this.at), refused: (what) => faults.refused(what, this.at), spend: (steps) => this.spend(steps) };
  }

  run(): PickleValue {
    if (this.bytes[this.next] !== PROTO) this.fail('the pickle', 'the opcode PROTO at its start', this.next < this.bytes.length ? `byte ${this.bytes[this.next]}` : 'its end');
    for (;;) {
      this.at = this.next;
      this.spend(1);
      const code = this.unsigned(1);
      if (code === STOP) break;
      const operation = OPERATIONS.get(code);
      if (!operation) this.refuse(`the opcode ${OTHER_OPCODES.get(code) ?? `0x${code.toString(16).padStart(2, '0')}`}`);
      operation(this);
    }
    if (this.stack.length !== 1 || this.marks.length > 0) this.fail('the opcode STOP', 'one value on the stack', `${this.stack.length} and ${this.marks.length} open marks`);
    return this.stack[0]!;
  }

  private spend(steps: number): void {
    if ((this.operations += steps) > PICKLE_LIMITS.operations) this.refuse(`a pickle of more than ${PICKLE_LIMITS.operations} opcodes`);
  }

  fail(what: string, expected: string, actual: string): never {
    return this.here.broken(what, expected, actual);
  }

  refuse(what: string): never {
    return this.here.refused(what);
  }

  /** The next `count` bytes. */
  take(count: number): Uint8Array {
    if (count > this.bytes.length - this.next) this.fail('the pickle', `${count} more bytes`, `${this.bytes.length - this.next}`);
    return this.bytes.subarray(this.next, this.next += count);
  }

  /** A little-endian number of 1, 2 or 4 bytes. */
  unsigned(size: 1 | 2 | 4): number {
    const { byteOffset } = this.take(size), at = byteOffset - this.bytes.byteOffset;
    return size === 1 ? this.view.getUint8(at) : size === 2 ? this.view.getUint16(at, true) : this.view.getUint32(at, true);
  }

  double(): number {
    this.take(8);
    return this.view.getFloat64(this.next - 8, false);
  }

  /** Two's complement, little-endian, of as many bytes as its first says. */
  long(): number | bigint {
    const size = this.unsigned(1);
    if (size > MAX_LONG) this.refuse(`an integer of ${size} bytes`);
    const digits = this.take(size), sign = size > 0 && digits[size - 1]! > 127 ? 255 : 0;
    for (let i = 0; i < MAX_LONG; i++) LONG.setUint8(i, digits[i] ?? sign);
    const value = (LONG.getBigInt64(8, true) << 64n) | LONG.getBigUint64(0, true);
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }

  text(size: number): string {
    const content = this.take(size);
    if (size > MAX_TEXT) this.refuse(`a text of ${size} bytes`);
    try {
      return UTF8.decode(content);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.fail('a text', 'valid UTF-8', `${size} bytes of something else`);
    }
  }

  /** A name up to the end of its line. */
  line(): string {
    const end = this.bytes.subarray(this.next, this.next + MAX_NAME + 1).indexOf(10);
    if (end < 0) this.fail('the opcode GLOBAL', `a name of at most ${MAX_NAME} characters and a line feed`, 'none');
    const name = String.fromCharCode(...this.take(end));
    this.take(1);
    return name;
  }

  global(): void {
    const name = `${this.line()}.${this.line()}`, global = this.dialect.globals.get(name);
    if (!global) this.refuse(/^torch\.(\w+\.)?\w*Storage$/.test(name) ? `the storage kind ${name}` : `the global ${quoteText(name)}`);
    this.stack.push(global);
  }

  /** Puts a new object onto the stack. */
  push(object: PickleObject): void {
    if (++this.objects > PICKLE_LIMITS.objects) this.refuse(`a pickle of more than ${PICKLE_LIMITS.objects} objects`);
    this.stack.push(object);
  }

  pop(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) this.fail('the stack', 'a value', 'none');
    return this.stack.pop()!;
  }

  top(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) this.fail('the stack', 'a value', 'none');
    return this.stack.at(-1)!;
  }

  /** All down to the last mark, which is taken away. */
  popMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) this.fail('the stack', 'a mark', 'none');
    return this.stack.splice(mark);
  }

  tuple(size: 1 | 2 | 3): void {
    const items: PickleValue[] = [];
    for (let i = 0; i < size; i++) items.unshift(this.pop());
    this.push(new PickleSequence('tuple', items));
  }

  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (!(list instanceof PickleSequence) || list.kind !== 'list') this.fail('what is appended to', 'the form of a list', describePickle(list));
    for (const value of values) list.items.push(value);
  }

  set(pairs: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof PickleDict)) this.fail('what gets entries', 'the form of a dictionary', describePickle(dict));
    if (pairs.length % 2) this.fail('the entries of a dictionary', 'a value for every key', `${pairs.length} keys and values`);
    for (let i = 0; i < pairs.length; i += 2) {
      if (pairs[i] instanceof PickleObject) this.refuse(`${describePickle(pairs[i])} as the key of a dictionary`);
      dict.entries.set(pairs[i]!, pairs[i + 1]!);
    }
  }

  remember(index: number): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) this.fail('the memo', `an entry ${index}`, 'none');
    this.stack.push(value);
  }

  call(how: 'reduce' | 'create'): void {
    const args = this.pop(), callee = this.pop(), opcode = how === 'reduce' ? 'REDUCE' : 'NEWOBJ';
    if (!(callee instanceof PickleGlobal)) this.fail(`the callee of ${opcode}`, 'the form of a global', describePickle(callee));
    if (!isTuple(args)) this.fail(`the arguments of ${callee.name}`, 'the form of a tuple', describePickle(args));
    const body = callee[how];
    if (!body) this.refuse(`a call (opcode ${opcode}) of ${callee.name}`);
    this.push(body(args.items, this.here));
  }

  build(): void {
    const state = this.pop(), object = this.top();
    if (!(object instanceof PickleObject)) this.fail('what gets a state', 'the form of an object', describePickle(object));
    object.build(state, this.here);
  }

  persist(): void {
    this.push(this.dialect.persistent(this.pop(), this.here));
  }

  protocol(): void {
    const version = this.unsigned(1);
    if (version !== 2) this.refuse(`pickle protocol ${version}, other than 2,`);
  }
}

const PROTO = 0x80, STOP = 0x2e;

const OPERATIONS: ReadonlyMap<number, (m: PickleMachine) => void> = new Map<number, (m: PickleMachine) => void>([
  [PROTO, (m) => m.protocol()],
  [0x28, (m) => m.marks.push(m.stack.length)], // MARK
  [0x4e, (m) => m.stack.push(null)], // NONE
  [0x88, (m) => m.stack.push(true)], // NEWTRUE
  [0x89, (m) => m.stack.push(false)], // NEWFALSE
  [0x4a, (m) => m.stack.push(m.unsigned(4) | 0)], // BININT
  [0x4b, (m) => m.stack.push(m.unsigned(1))], // BININT1
  [0x4d, (m) => m.stack.push(m.unsigned(2))], // BININT2
  [0x8a, (m) => m.stack.push(m.long())], // LONG1
  [0x47, (m) => m.stack.push(m.double())], // BINFLOAT
  [0x58, (m) => m.stack.push(m.text(m.unsigned(4)))], // BINUNICODE
  [0x54, (m) => m.stack.push(m.text(m.unsigned(4)))], // BINSTRING, from Python 2
  [0x55, (m) => m.stack.push(m.text(m.unsigned(1)))], // SHORT_BINSTRING, likewise
  [0x7d, (m) => m.push(new PickleDict())], // EMPTY_DICT
  [0x5d, (m) => m.push(new PickleSequence('list', []))], // EMPTY_LIST
  [0x29, (m) => m.push(new PickleSequence('tuple', []))], // EMPTY_TUPLE
  [0x85, (m) => m.tuple(1)], // TUPLE1
  [0x86, (m) => m.tuple(2)], // TUPLE2
  [0x87, (m) => m.tuple(3)], // TUPLE3
  [0x74, (m) => m.push(new PickleSequence('tuple', m.popMark()))], // TUPLE
  [0x61, (m) => { const value = m.pop(); m.append([value]); }], // APPEND
  [0x65, (m) => m.append(m.popMark())], // APPENDS
  [0x73, (m) => { const value = m.pop(), key = m.pop(); m.set([key, value]); }], // SETITEM
  [0x75, (m) => m.set(m.popMark())], // SETITEMS
  [0x71, (m) => m.remember(m.unsigned(1))], // BINPUT
  [0x72, (m) => m.remember(m.unsigned(4))], // LONG_BINPUT
  [0x68, (m) => m.recall(m.unsigned(1))], // BINGET
  [0x6a, (m) => m.recall(m.unsigned(4))], // LONG_BINGET
  [0x63, (m) => m.global()], // GLOBAL
  [0x52, (m) => m.call('reduce')], // REDUCE
  [0x81, (m) => m.call('create')], // NEWOBJ
  [0x62, (m) => m.build()], // BUILD
  [0x51, (m) => m.persist()], // BINPERSID
]);

/** Names of the opcodes that are refused, for the message. */
const OTHER_OPCODES: ReadonlyMap<number, string> = new Map([
  [0x30, 'POP'], [0x31, 'POP_MARK'], [0x32, 'DUP'], [0x42, 'BINBYTES'], [0x43, 'SHORT_BINBYTES'], [0x46, 'FLOAT'], [0x49, 'INT'], [0x4c, 'LONG'],
  [0x50, 'PERSID'], [0x53, 'STRING'], [0x56, 'UNICODE'], [0x64, 'DICT'], [0x67, 'GET'], [0x69, 'INST'], [0x6c, 'LIST'], [0x6f, 'OBJ'], [0x70, 'PUT'],
  [0x82, 'EXT1'], [0x83, 'EXT2'], [0x84, 'EXT4'], [0x8b, 'LONG4'], [0x8c, 'SHORT_BINUNICODE'], [0x8d, 'BINUNICODE8'], [0x8e, 'BINBYTES8'],
  [0x8f, 'EMPTY_SET'], [0x90, 'ADDITEMS'], [0x91, 'FROZENSET'], [0x92, 'NEWOBJ_EX'], [0x93, 'STACK_GLOBAL'], [0x94, 'MEMOIZE'], [0x95, 'FRAME'],
  [0x96, 'BYTEARRAY8'], [0x97, 'NEXT_BUFFER'], [0x98, 'READONLY_BUFFER'],
]);

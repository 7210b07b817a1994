import { describePickle, isTuple, PickleDict, type PickleFaults, PickleGlobal, PickleObject, PickleSequence, type PickleValue } from './pickle-values.ts';
import type { PickleDialect } from './pickle.ts';
import type { SafeTensorDtype } from './tensor-storage.ts';

/** Numbers of one kind in a row, somewhere in the file. */
export interface TorchStorage {
  /** By which the file names it. */
  readonly key: string;
  readonly dtype: SafeTensorDtype;
  /** Numbers in it. */
  readonly count: number;
}

/** A part of a storage: nearly always all of it. */
export class TorchStorageView extends PickleObject {
  constructor(readonly storage: TorchStorage, readonly offset: number, readonly count: number) {
    super();
  }

  override describe(): string {
    return `a storage of ${this.count} ${this.storage.dtype}`;
  }
}

/** A tensor as a view of a storage; its numbers are not read yet. */
export class TorchTensor extends PickleObject {
  /**
   * @param offset - Of its first number, in numbers of the storage.
   * @param strides - Numbers of the storage between neighbours along each axis.
   */
  constructor(readonly storage: TorchStorage, readonly offset: number, readonly shape: readonly number[], readonly strides: readonly number[]) {
    super();
  }

  override describe(): string {
    return `a tensor [${this.shape}] of ${this.storage.dtype}`;
  }
}

/** A parameter of the first PyTorch: an object that its state fills. */
class TorchParameter extends PickleObject {
  tensor: TorchTensor | null = null;

  override describe(): string {
    return 'a parameter';
  }

  override build(state: PickleValue, faults: PickleFaults): void {
    const data = isTuple(state) && state.items.length === 5 ? state.items[0] : undefined;
    if (!(data instanceof TorchTensor)) faults.broken('the state of a parameter', 'a tensor and four values', describePickle(state));
    this.tensor = data;
  }
}

/** The tensor that a value is, or that it wraps; `null` for anything else. */
export function asTensor(value: PickleValue | undefined): TorchTensor | null {
  return value instanceof TorchTensor ? value : value instanceof TorchParameter ? value.tensor : null;
}

/** Storage kinds that are read. */
const STORAGE_KINDS: Readonly<Record<string, SafeTensorDtype>> = {
  'torch.FloatStorage': 'F32', 'torch.HalfStorage': 'F16', 'torch.DoubleStorage': 'F64', 'torch.BFloat16Storage': 'BF16', 'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32', 'torch.ShortStorage': 'I16', 'torch.CharStorage': 'I8', 'torch.ByteStorage': 'U8', 'torch.BoolStorage': 'BOOL',
};

const MAX_AXES = 32;

/**
 * What the pickles of `torch.save` may speak of: ordered dictionaries, storages of numbers, tensors as views of them.
 *
 * Format: PyTorch, torch/_utils.py (`_rebuild_*`) and torch/serialization.py (`persistent_id`).
 *
 * @returns The dialect for one pickle, and the storages that the pickle has named so far.
 */
export function createTorchDialect(): PickleDialect & { readonly storages: ReadonlyMap<string, TorchStorage> } {
  const storages = new Map<string, TorchStorage>();
  const globals = [
    new PickleGlobal('collections.OrderedDict', orderedDict),
    new PickleGlobal('torch.Size', size),
    new PickleGlobal('torch._utils._rebuild_tensor', (args, faults) => tensor(args.length === 4, args, faults)),
    new PickleGlobal('torch._utils._rebuild_tensor_v2', (args, faults) => tensor(args.length === 6 || args.length === 7, args, faults)),
    new PickleGlobal('torch._utils._rebuild_parameter', parameter),
    new PickleGlobal('torch.nn.parameter.Parameter', undefined, () => new TorchParameter()),
    ...Object.keys(STORAGE_KINDS).map((kind) => new PickleGlobal(kind)),
  ];
  return { globals: new Map(globals.map((global) => [global.name, global])), persistent: (id, faults) => storageView(id, storages, faults), storages };
}

// Python 2 wrote the entries as its argument: a list of pairs.
function orderedDict(args: readonly PickleValue[], faults: PickleFaults): PickleDict {
  const dict = new PickleDict(), pairs = args.length === 1 && args[0] instanceof PickleSequence ? args[0].items : [];
  if (args.length > 1 || (args.length === 1 && !(args[0] instanceof PickleSequence))) faults.broken('the argument of OrderedDict', 'a list of pairs, or be absent', describePickle(args[0]));
  faults.spend(pairs.length);
  for (const pair of pairs) {
    const [key, value] = pair instanceof PickleSequence && pair.items.length === 2 ? pair.items : [];
    if (key === undefined || key instanceof PickleObject || value === undefined) faults.broken('the argument of OrderedDict', 'pairs of a plain key and a value', describePickle(pair));
    dict.entries.set(key, value);
  }
  return dict;
}

function size(args: readonly PickleValue[], faults: PickleFaults): PickleSequence {
  return new PickleSequence('tuple', counts('torch.Size', args[0], faults));
}

function parameter(args: readonly PickleValue[], faults: PickleFaults): TorchTensor {
  const data = asTensor(args[0]);
  if (!data || args.length !== 3) faults.broken('_rebuild_parameter', 'a tensor and two values', args.map(describePickle).join(', '));
  return data;
}

function tensor(complete: boolean, args: readonly PickleValue[], faults: PickleFaults): TorchTensor {
  const [view, start, shapeOf, stridesOf] = args;
  if (!complete || !(view instanceof TorchStorageView)) faults.broken('a tensor', 'a storage, an offset, a shape and strides', args.slice(0, 8).map(describePickle).join(', '));
  if (!isCount(start)) faults.broken('the storage offset of a tensor', 'the form of a count', describePickle(start));
  const shape = counts('the shape of a tensor', shapeOf, faults), strides = counts('the strides of a tensor', stridesOf, faults);
  if (shape.length !== strides.length) faults.broken('a tensor', 'a stride for each axis', `${shape.length} axes and ${strides.length} strides`);
  const last = shape.includes(0) ? start - 1 : shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, start);
  if (last >= view.count) faults.broken(`a tensor [${shape}] with strides [${strides}] at ${start}`, `all its numbers within a storage of ${view.count}`, `number ${last}`);
  return new TorchTensor(view.storage, view.offset + start, shape, strides);
}

function storageView(id: PickleValue, storages: Map<string, TorchStorage>, faults: PickleFaults): TorchStorageView {
  if (!isTuple(id)) faults.broken('a persistent id', 'the form of a tuple', describePickle(id));
  const [type, kind, key, location, count, part] = id.items;
  if (type !== 'storage') faults.refused(`the persistent id of ${type === 'module' ? 'a module' : describePickle(type)}`);
  if (!(kind instanceof PickleGlobal) || typeof key !== 'string' || typeof location !== 'string' || !isCount(count) || id.items.length > 6) {
    faults.broken('the persistent id of a storage', 'a kind, a key, a place and a count', id.items.slice(1, 8).map(describePickle).join(', '));
  }
  const dtype = STORAGE_KINDS[kind.name];
  if (!dtype) faults.refused(`the storage kind ${kind.name}`);
  const known = storages.get(key) ?? { key, dtype, count };
  if (known.dtype !== dtype || known.count !== count) faults.broken('a storage that comes again', `${known.count} ${known.dtype} as before`, `${count} ${dtype}`);
  storages.set(key, known);
  if (part === undefined || part === null) return new TorchStorageView(known, 0, count);
  const [, offset, length] = isTuple(part) ? part.items : [];
  if (!isCount(offset) || !isCount(length) || offset + length > count) faults.broken('a part of a storage', `a key, an offset and a count within ${count}`, describePickle(part));
  return new TorchStorageView(known, offset, length);
}

function counts(what: string, value: PickleValue | undefined, faults: PickleFaults): number[] {
  const items = isTuple(value) && value.items.length <= MAX_AXES ? value.items : null;
  if (!items?.every(isCount)) faults.broken(what, `at most ${MAX_AXES} counts in a tuple`, items ? items.slice(0, 8).map(describePickle).join(', ') : describePickle(value));
  return items;
}

const isCount = (value: PickleValue | undefined): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

import { ByteBudget } from './byte-budget.ts';
import { FileFaults, quoteText } from './file-faults.ts';
import { describePickle, PickleDict, type PickleValue } from './pickle-values.ts';
import type { SafeTensor } from './safetensors.ts';
import { TENSOR_STORAGE } from './tensor-storage.ts';
import type { TorchFile } from './torch-file.ts';
import { readTorchLegacy, TORCH_LEGACY_START } from './torch-legacy.ts';
import { countOf, torchNumbers } from './torch-numbers.ts';
import { asTensor, type TorchStorage, type TorchTensor } from './torch-objects.ts';
import { readTorchZip } from './torch-zip.ts';

/** What a file of `torch.save` holds, as far as it is tensors. */
export interface PthContent {
  /** By name, in the order of the file. 16-bit floats are widened. */
  readonly tensors: Record<string, SafeTensor>;
  /** Keys under which the dictionary of tensors lies: `[]` if it is what was saved, often `['state_dict']`. */
  readonly path: readonly string[];
  /** Everything else: its name, and a few words on what it is. */
  readonly skipped: readonly { readonly name: string; readonly what: string }[];
}

/** Keys under which checkpoints keep the tensors of the network, first match first. */
const STATE_KEYS = ['state_dict', 'model_state_dict', 'model', 'net', 'network', 'weights'] as const;

/** Dictionaries within one another that are looked into. */
const MAX_DEPTH = 8;

const ADVICE = 'nothing of the file was run: only tensors are read, as torch.save(model.state_dict(), file) writes them';

/**
 * Reads the tensors of a `.pth` or `.pt` file, in PyTorch's format before zip or in its zip format, without running anything of it:
 * the pickle inside is read as data, and what tensors do not need is refused by name.
 *
 * Memory: the arrays and what is unpacked stay below 4 times the file and 64 MiB, objects below 64 MiB. Time is linear in both.
 *
 * @param where - Named in errors: the path, if there is one.
 * @returns Tensors as copies, strides resolved; `[]` is the shape of a scalar.
 * @throws {@link FormatError} with the byte for damaged files; {@link UnsupportedError} naming the global, opcode, persistent id, storage
 * kind, byte order or size that is refused.
 */
export async function readPth(bytes: Uint8Array, where = 'readPth'): Promise<PthContent> {
  const faults = new FileFaults(where, ADVICE), budget = new ByteBudget(bytes.length), file = await readTorchFile(bytes, budget, faults);
  const { dict, path, outer } = findStateDict(file.root), found: [string, TorchTensor][] = [], skipped = [...outer];
  for (const [key, value] of dict?.entries ?? []) {
    const tensor = asTensor(value);
    if (tensor && typeof key === 'string') found.push([key, tensor]);
    else skipped.push({ name: nameOf(path, key), what: aboutEntry(value) });
  }
  if (found.length === 0) faults.broken('the saved object', 'tensors in a dictionary', describePickle(file.root), file.start);
  const storages = new Map<TorchStorage, Uint8Array>(), tensors: [string, SafeTensor][] = [];
  for (const [name, tensor] of found) {
    const { storage, shape } = tensor;
    if (!storages.has(storage)) storages.set(storage, await file.storage(storage));
    tensors.push([name, { dtype: storage.dtype, shape, data: readNumbers(tensor, storages.get(storage)!, budget, faults, file.start) }]);
  }
  return { tensors: Object.fromEntries(tensors), path, skipped };
}

function readNumbers(tensor: TorchTensor, storage: Uint8Array, budget: ByteBudget, faults: FileFaults, at: number): SafeTensor['data'] {
  const { storage: { dtype }, shape } = tensor, { bytes } = TENSOR_STORAGE[dtype], width = dtype === 'F16' || dtype === 'BF16' ? bytes + 4 : bytes;
  budget.take(countOf(shape) * width, `${tensor.describe()}`, faults, at);
  const data = torchNumbers(tensor, storage), stray = dtype === 'BOOL' ? (data as Uint8Array).find((x) => x > 1) : undefined;
  if (stray !== undefined) faults.broken(tensor.describe(), 'booleans 0 or 1', `${stray}`, at);
  return data;
}

function readTorchFile(bytes: Uint8Array, budget: ByteBudget, faults: FileFaults): TorchFile | Promise<TorchFile> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return readTorchZip(bytes, budget, faults);
  if (TORCH_LEGACY_START.every((byte, i) => byte === bytes[i])) return readTorchLegacy(bytes, faults);
  if (bytes[0] === 0x80) faults.refused('a pickle that torch.save did not write', 0);
  if (String.fromCharCode(...bytes.subarray(257, 262)) === 'ustar') faults.refused('the tar format of PyTorch before 0.1.10', 0);
  return faults.broken('the file', 'the beginning of a file of torch.save, in the zip format or the one before', bytes.length ? `bytes ${[...bytes.subarray(0, 4)].join(' ')}` : 'nothing', 0);
}

// The network's tensors may lie within a checkpoint, beside the optimiser's.
function findStateDict(root: PickleValue): { dict: PickleDict | null; path: string[]; outer: PthContent['skipped'][number][] } {
  const path: string[] = [], outer: PthContent['skipped'][number][] = [];
  let dict = root instanceof PickleDict ? root : null;
  const seen = new Set<PickleDict>();
  while (dict && !seen.has(dict) && path.length < MAX_DEPTH) {
    seen.add(dict);
    const within: PickleDict = dict, key = STATE_KEYS.find((name) => holdsTensors(within.entries.get(name)));
    if (key === undefined) break;
    for (const [other, value] of within.entries) if (other !== key) outer.push({ name: nameOf(path, other), what: aboutEntry(value) });
    path.push(key);
    dict = within.entries.get(key) as PickleDict;
  }
  return { dict, path, outer };
}

const holdsTensors = (value: PickleValue | undefined): boolean =>
  value instanceof PickleDict && ([...value.entries.values()].some((entry) => asTensor(entry) !== null) || STATE_KEYS.some((key) => value.entries.get(key) instanceof PickleDict));

const aboutEntry = (value: PickleValue): string => (typeof value === 'string' && value.length <= 80 ? quoteText(value) : describePickle(value));

const nameOf = (path: readonly string[], key: PickleValue): string => [...path, String(key)].join('.');

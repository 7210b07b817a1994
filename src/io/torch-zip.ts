import type { ByteBudget } from './byte-budget.ts';
import { type FileFaults, quoteText } from './file-faults.ts';
import { readPickle } from './pickle.ts';
import { TENSOR_STORAGE } from './tensor-storage.ts';
import type { TorchFile } from './torch-file.ts';
import { createTorchDialect } from './torch-objects.ts';
import { readZipDirectory, readZipEntry, type ZipEntry } from './zip.ts';

/** A pickle that was compressed may be so long at most; stored, the file bounds it. */
const MAX_PICKLE = 1 << 24;

/**
 * Reads a file of PyTorch's zip format: `<name>/data.pkl` is the saved object, `<name>/data/<key>` its storages,
 * `<name>/byteorder` says how their numbers lie. All other entries are left alone.
 *
 * Format: PyTorch, torch/serialization.py (`_save`), caffe2/serialize/inline_container.h.
 *
 * @throws FormatError, UnsupportedError as readPickle and readZipEntry, and for storages that are missing or of another size.
 */
export async function readTorchZip(bytes: Uint8Array, budget: ByteBudget, faults: FileFaults): Promise<TorchFile> {
  const entries = readZipDirectory(bytes, faults), pickles = [...entries.values()].filter(({ name }) => /^[^/]+\/data\.pkl$/.test(name)), [pickle] = pickles;
  if (!pickle || pickles.length > 1) faults.broken('the zip archive', 'one entry <name>/data.pkl, as torch.save writes it', `${pickles.length}`, 0);
  const folder = pickle.name.slice(0, -'data.pkl'.length), order = entries.get(`${folder}byteorder`);
  if (order) await checkByteOrder(bytes, order, budget, faults);
  if (pickle.compressed && pickle.size > MAX_PICKLE) faults.refused(`a pickle of ${pickle.size} bytes`, pickle.start);
  const content = await readZipEntry(bytes, pickle, budget, faults), within = faults.within(pickle.compressed ? 0 : pickle.start, pickle.compressed ? pickle.name : '');
  return {
    root: readPickle(content, within, createTorchDialect()).value,
    start: pickle.start,
    async storage({ key, dtype, count }) {
      const what = `a storage of ${count} ${dtype}`, size = count * TENSOR_STORAGE[dtype].bytes, entry = entries.get(`${folder}data/${key}`);
      if (!entry) return faults.broken(what, `the zip entry ${quoteText(`${folder}data/${key}`)}`, 'none', pickle.start);
      if (entry.size !== size) faults.broken(what, `a zip entry of ${size} bytes`, `${entry.size}`, entry.start);
      return readZipEntry(bytes, entry, budget, faults);
    },
  };
}

async function checkByteOrder(bytes: Uint8Array, entry: ZipEntry, budget: ByteBudget, faults: FileFaults): Promise<void> {
  const text = entry.size <= 16 ? new TextDecoder().decode(await readZipEntry(bytes, entry, budget, faults)) : '';
  if (text === 'big') faults.refused('the byte order of a big-endian machine', entry.start);
  if (text !== 'little') faults.broken(`zip entry ${quoteText(entry.name)}`, 'the text little or big', quoteText(text), entry.start);
}

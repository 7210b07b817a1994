import type { PickleValue } from './pickle-values.ts';
import type { TorchStorage } from './torch-objects.ts';

/** A file of `torch.save`, its numbers not read yet. */
export interface TorchFile {
  /** What was saved. */
  readonly root: PickleValue;
  /** The bytes of a storage, little-endian: exactly as many as its numbers take. */
  storage(storage: TorchStorage): Promise<Uint8Array>;
  /** First byte of the pickle, for messages about the whole of it. */
  readonly start: number;
}

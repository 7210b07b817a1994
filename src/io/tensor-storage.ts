import { narrowBfloat16, narrowHalf, widenBfloat16, widenHalf } from './half.ts';

/** Host storage of a tensor. `F16` and `BF16` are `Float32Array`, `BOOL` is `Uint8Array` of 0 and 1, 64-bit integers are big. */
export type SafeTensorData = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array
  | BigInt64Array | BigUint64Array;

export type SafeTensorDtype = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'U64' | 'I32' | 'U32' | 'I16' | 'U16' | 'I8' | 'U8' | 'BOOL';

/** How numbers of a dtype lie in files and on the host, little-endian. */
export interface TensorStorage {
  /** Of one number. */
  readonly bytes: number;
  readonly host: new (length: number) => SafeTensorData;
  /** From a buffer that begins and ends with the numbers; shares it where nothing is widened. */
  readonly read: (buffer: ArrayBuffer) => SafeTensorData;
  /** Where the host's numbers are wider than the file's. */
  readonly write?: (data: Float32Array) => Uint16Array;
}

/** The storage of every dtype that is read and written. */
export const TENSOR_STORAGE: Readonly<Record<SafeTensorDtype, TensorStorage>> = {
  F64: { bytes: 8, host: Float64Array, read: (b) => new Float64Array(b) },
  F32: { bytes: 4, host: Float32Array, read: (b) => new Float32Array(b) },
  F16: { bytes: 2, host: Float32Array, read: (b) => widenHalf(new Uint16Array(b)), write: narrowHalf },
  BF16: { bytes: 2, host: Float32Array, read: (b) => widenBfloat16(new Uint16Array(b)), write: narrowBfloat16 },
  I64: { bytes: 8, host: BigInt64Array, read: (b) => new BigInt64Array(b) },
  U64: { bytes: 8, host: BigUint64Array, read: (b) => new BigUint64Array(b) },
  I32: { bytes: 4, host: Int32Array, read: (b) => new Int32Array(b) },
  U32: { bytes: 4, host: Uint32Array, read: (b) => new Uint32Array(b) },
  I16: { bytes: 2, host: Int16Array, read: (b) => new Int16Array(b) },
  U16: { bytes: 2, host: Uint16Array, read: (b) => new Uint16Array(b) },
  I8: { bytes: 1, host: Int8Array, read: (b) => new Int8Array(b) },
  U8: { bytes: 1, host: Uint8Array, read: (b) => new Uint8Array(b) },
  BOOL: { bytes: 1, host: Uint8Array, read: (b) => new Uint8Array(b) },
};

/** What a pickle of plain data can hold. */
export type PickleValue = null | boolean | number | bigint | string | PickleObject;

/** What an object of a pickle may say when it is called or built: the fault lies at the opcode that did so. */
export interface PickleFaults {
  broken(what: string, expected: string, actual: string): never;
  refused(what: string): never;
  /** Counts work beyond that of one opcode against the limit: a list that is named again and again must not be copied each time. */
  spend(steps: number): void;
}

/** Anything in a pickle that is no plain number, text or constant. */
export abstract class PickleObject {
  /** A few words for messages, e.g. `a tuple of 3`. */
  abstract describe(): string;

  /** Takes the state of the opcode BUILD. Objects have none unless they say so. */
  build(_state: PickleValue, faults: PickleFaults): void {
    faults.refused(`the state (opcode BUILD) of ${this.describe()}`);
  }
}

/** A tuple or a list. */
export class PickleSequence extends PickleObject {
  constructor(readonly kind: 'tuple' | 'list', readonly items: PickleValue[]) {
    super();
  }

  override describe(): string {
    return `a ${this.kind} of ${this.items.length}`;
  }
}

/** A dictionary, ordered or not: a pickle keeps the order of both. */
export class PickleDict extends PickleObject {
  readonly entries = new Map<PickleValue, PickleValue>();

  override describe(): string {
    return `a dictionary of ${this.entries.size}`;
  }

  /** Attributes of an ordered dictionary, such as the `_metadata` of a state_dict, are no entries of it. */
  override build(state: PickleValue, faults: PickleFaults): void {
    if (!(state instanceof PickleDict)) faults.broken('the state of a dictionary', 'attributes in a dictionary', describePickle(state));
  }
}

/** A name that a pickle may speak of. Nothing is looked up: what it does is written in this library, or it does nothing. */
export class PickleGlobal extends PickleObject {
  /**
   * @param name - With its module, e.g. `torch._utils._rebuild_tensor_v2`.
   * @param reduce - What calling it gives (opcode REDUCE); absent where it cannot be called.
   * @param create - What an object of it is (opcode NEWOBJ); absent where none can be made.
   */
  constructor(readonly name: string, readonly reduce?: PickleCall, readonly create?: PickleCall) {
    super();
  }

  override describe(): string {
    return `the global ${this.name}`;
  }
}

export type PickleCall = (args: readonly PickleValue[], faults: PickleFaults) => PickleObject;

/** A few words for messages. */
export function describePickle(value: PickleValue | undefined): string {
  if (value instanceof PickleObject) return value.describe();
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  const digits = String(value);
  return digits.length > 40 ? `a number of ${digits.length} digits` : digits;
}

export const isTuple = (value: PickleValue | undefined): value is PickleSequence => value instanceof PickleSequence && value.kind === 'tuple';

/** A binary heap of vertices by (stage, cost, vertex): the order is total, so that equal costs cannot change a result. */
export class CollapseHeap {
  readonly #heap: number[] = [];
  readonly #place: Int32Array;
  readonly #stage: Uint8Array;
  readonly #cost: Float64Array;

  constructor(vertexCount: number) {
    this.#place = new Int32Array(vertexCount).fill(-1);
    this.#stage = new Uint8Array(vertexCount);
    this.#cost = new Float64Array(vertexCount);
  }

  /** Inserts a vertex or changes its place. */
  set(vertex: number, stage: number, cost: number): void {
    this.#stage[vertex] = stage;
    this.#cost[vertex] = cost;
    if (this.#place[vertex]! < 0) {
      this.#place[vertex] = this.#heap.length;
      this.#heap.push(vertex);
    }
    this.#down(this.#up(this.#place[vertex]!));
  }

  /** Takes a vertex out, if it is in. */
  delete(vertex: number): void {
    const i = this.#place[vertex]!;
    if (i < 0) return;
    const last = this.#heap.pop()!;
    this.#place[vertex] = -1;
    if (last === vertex) return;
    this.#heap[i] = last;
    this.#place[last] = i;
    this.#down(this.#up(i));
  }

  /** The vertex of least cost, which stays in; `undefined` if there is none. */
  peek(): number | undefined {
    return this.#heap[0];
  }

  #before(a: number, b: number): boolean {
    const difference = this.#stage[a]! - this.#stage[b]! || this.#cost[a]! - this.#cost[b]!;
    return difference < 0 || (difference === 0 && a < b);
  }

  #swap(i: number, j: number): void {
    const a = this.#heap[i]!, b = this.#heap[j]!;
    this.#heap[i] = b;
    this.#heap[j] = a;
    this.#place[b] = i;
    this.#place[a] = j;
  }

  #up(start: number): number {
    let i = start;
    for (let parent = (i - 1) >> 1; i > 0 && this.#before(this.#heap[i]!, this.#heap[parent]!); parent = (i - 1) >> 1) {
      this.#swap(i, parent);
      i = parent;
    }
    return i;
  }

  #down(start: number): void {
    const heap = this.#heap;
    for (let i = start; ;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && this.#before(heap[child]!, heap[least]!)) least = child;
      }
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }
}

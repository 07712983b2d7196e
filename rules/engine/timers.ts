/** A binary heap of due times. Entries are never removed; who takes one asks whether it still holds. */

export interface Timer<T> {
  readonly due: number
  /** Breaks ties, so that the same journal always fires in the same order. */
  readonly key: string
  readonly item: T
}

export interface Timers<T> {
  push(timer: Timer<T>): void
  peek(): Timer<T> | undefined
  pop(): Timer<T> | undefined
  clear(): void
  size(): number
}

export function createTimers<T>(): Timers<T> {
  const heap: Timer<T>[] = []
  const before = (a: Timer<T>, b: Timer<T>): boolean => a.due < b.due || (a.due === b.due && a.key < b.key)
  const at = (index: number): Timer<T> => heap[index] as Timer<T>

  function up(start: number): void {
    const timer = at(start)
    let index = start
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(timer, at(parent))) break
      heap[index] = at(parent)
      index = parent
    }
    heap[index] = timer
  }

  function down(): void {
    const timer = at(0)
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(at(child + 1), at(child))) child += 1
      if (!before(at(child), timer)) break
      heap[index] = at(child)
      index = child
    }
    heap[index] = timer
  }

  return {
    push(timer) {
      heap.push(timer)
      up(heap.length - 1)
    },
    peek: () => heap[0],
    pop() {
      const first = heap[0]
      const last = heap.pop()
      if (first === undefined || last === undefined) return undefined
      if (heap.length > 0) {
        heap[0] = last
        down()
      }
      return first
    },
    clear() {
      heap.length = 0
    },
    size: () => heap.length,
  }
}

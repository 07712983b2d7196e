/** A binary heap of due times. Replaced timers stay in it; the caller checks whether a popped one is current. */

export interface Timers<T> {
  push(timer: T): void
  peek(): T | undefined
  pop(): T | undefined
  clear(): void
  size(): number
}

/** `isFirst` breaks ties, so that the same journal always fires in the same order. */
export function createTimers<T extends { readonly due: number }>(
  isFirst: (a: T, b: T) => boolean,
): Timers<T> {
  const heap: T[] = []
  const before = (a: T, b: T): boolean => a.due < b.due || (a.due === b.due && isFirst(a, b))
  const at = (index: number): T => heap[index] as T

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

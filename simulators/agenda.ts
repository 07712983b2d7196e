/** What is due when: a binary heap, first in time first out, ties in the order of asking. */

export interface Agenda<T> {
  add(at: number, what: T): void
  /** Time of the next thing; undefined when there is none. */
  nextAt(): number | undefined
  take(): { readonly at: number; readonly what: T } | undefined
}

interface Item<T> {
  readonly at: number
  readonly order: number
  readonly what: T
}

export function createAgenda<T>(): Agenda<T> {
  const heap: Item<T>[] = []
  let order = 0
  return {
    add(at, what) {
      heap.push({ at, order: order++, what })
      rise(heap, heap.length - 1)
    },
    nextAt: () => heap[0]?.at,
    take() {
      const first = heap[0]
      const last = heap.pop()
      if (!first || !last) return undefined
      if (heap.length > 0) {
        heap[0] = last
        sink(heap)
      }
      return first
    },
  }
}

const isBefore = (a: Item<unknown>, b: Item<unknown>): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order)

function rise<T>(heap: Item<T>[], start: number): void {
  for (let at = start; at > 0; ) {
    const parent = (at - 1) >> 1
    if (!swapIfBefore(heap, at, parent)) return
    at = parent
  }
}

function sink<T>(heap: Item<T>[]): void {
  for (let at = 0; ; ) {
    const left = 2 * at + 1
    const [a, b] = [heap[left], heap[left + 1]]
    if (!a) return
    const child = b && isBefore(b, a) ? left + 1 : left
    if (!swapIfBefore(heap, child, at)) return
    at = child
  }
}

/** Swaps child and parent when the child comes first; true when it did. */
function swapIfBefore<T>(heap: Item<T>[], child: number, parent: number): boolean {
  const [lower, upper] = [heap[child], heap[parent]]
  if (!lower || !upper || !isBefore(lower, upper)) return false
  heap[child] = upper
  heap[parent] = lower
  return true
}

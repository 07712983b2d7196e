/** Priority queue of timed events (binary heap): earliest first, events of the same time in order of insertion. */

export interface EventQueue<T> {
  add(at: number, event: T): void
  /** Time of the next event; undefined when the queue is empty. */
  nextAt(): number | undefined
  /** Removes and returns the next event; undefined when the queue is empty. */
  pop(): { readonly at: number; readonly event: T } | undefined
}

interface QueuedEvent<T> {
  readonly at: number
  /** Insertion number; decides between events of the same time. */
  readonly order: number
  readonly event: T
}

/** An empty queue; `at` may be any number, usually ms. */
export function createEventQueue<T>(): EventQueue<T> {
  const heap: QueuedEvent<T>[] = []
  let order = 0
  return {
    add(at, event) {
      heap.push({ at, order: order++, event })
      siftUp(heap, heap.length - 1)
    },
    nextAt: () => heap[0]?.at,
    pop() {
      const first = heap[0]
      const last = heap.pop()
      if (!first || !last) return undefined
      if (heap.length > 0) {
        heap[0] = last
        siftDown(heap)
      }
      return first
    },
  }
}

const isBefore = (a: QueuedEvent<unknown>, b: QueuedEvent<unknown>): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order)

function siftUp<T>(heap: QueuedEvent<T>[], start: number): void {
  for (let at = start; at > 0; ) {
    const parent = (at - 1) >> 1
    if (!swapIfBefore(heap, at, parent)) return
    at = parent
  }
}

function siftDown<T>(heap: QueuedEvent<T>[]): void {
  for (let at = 0; ; ) {
    const left = 2 * at + 1
    const [a, b] = [heap[left], heap[left + 1]]
    if (!a) return
    const child = b && isBefore(b, a) ? left + 1 : left
    if (!swapIfBefore(heap, child, at)) return
    at = child
  }
}

/** Swaps child and parent if the child is due first; true when it did. */
function swapIfBefore<T>(heap: QueuedEvent<T>[], child: number, parent: number): boolean {
  const [lower, upper] = [heap[child], heap[parent]]
  if (!lower || !upper || !isBefore(lower, upper)) return false
  heap[child] = upper
  heap[parent] = lower
  return true
}

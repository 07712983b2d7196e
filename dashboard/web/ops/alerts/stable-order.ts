/** Freezes the order of a list while it has the pointer or the focus, so that nobody clicks the wrong row. Pure. */

export interface FrozenList {
  /** Ids to show, in order. A removed id keeps its place, shown as ended. */
  readonly shown: readonly string[]
  /** New ids that are not shown yet. */
  readonly waiting: readonly string[]
  /** True when unfreezing would change the list. */
  readonly changed: boolean
}

/** `current`: ids in the current order; `frozen`: ids shown when the list was frozen, null when it is not. */
export function freezeList(current: readonly string[], frozen: readonly string[] | null): FrozenList {
  if (frozen === null || frozen.length === 0) return { shown: current, waiting: [], changed: false }
  const known = new Set(frozen)
  return {
    shown: frozen,
    waiting: current.filter((id) => !known.has(id)),
    changed: current.length !== frozen.length || current.some((id, index) => id !== frozen[index]),
  }
}

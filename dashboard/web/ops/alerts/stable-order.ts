/** Keeps the list still under the pointer and the focus: nobody must hit the wrong row. Pure. */

export interface HeldList {
  /** Ids to show, in order. An id that is gone stays in its place, shown as ended. */
  readonly shown: readonly string[]
  /** Ids that wait to be shown. */
  readonly waiting: readonly string[]
  /** True when releasing would change anything. */
  readonly changed: boolean
}

/** `wanted`: ids in the right order now; `held`: the ids shown when the list was taken hold of, null when free. */
export function holdList(wanted: readonly string[], held: readonly string[] | null): HeldList {
  // Nothing can be mis-hit in an empty list.
  if (held === null || held.length === 0) return { shown: wanted, waiting: [], changed: false }
  const known = new Set(held)
  return {
    shown: held,
    waiting: wanted.filter((id) => !known.has(id)),
    changed: wanted.length !== held.length || wanted.some((id, index) => id !== held[index]),
  }
}

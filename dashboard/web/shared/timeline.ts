/** The change log of one matter as people read it: each act told once. Pure. */
import type { Change } from '../../../model/change.ts'

export interface TimelineRow {
  readonly change: Change
  /** Absent when the row before says the same. */
  readonly note: string | null
}

/**
 * One act may be several changes. That an alert got its case is said by the case's own opening when that is there too,
 * and a note that belongs to several changes of one moment is shown with the first of them.
 */
export function timelineRows(changes: readonly Change[]): TimelineRow[] {
  const opened = changes.some(({ entity, action }) => entity === 'case' && action === 'opened')
  const told = changes.filter(({ action }) => !(opened && action === 'case-opened'))
  return told.map((change, index) => {
    const before = told[index - 1]
    const repeated = before?.at === change.at && before.actor === change.actor && before.note === change.note
    return { change, note: repeated ? null : change.note }
  })
}

/** Keys of `actions` that may say it, the closest first: the same word of a case and of a work order may mean two things. */
export const actionKeys = ({ entity, action }: Change): readonly string[] => [
  `${action}-of-${entity}`,
  action,
]

/** The change log of one alert or case as timeline rows. Pure. */
import type { Change } from '../../../model/change.ts'

export interface TimelineRow {
  readonly change: Change
  /** Null when the row before has the same note. */
  readonly note: string | null
}

/**
 * One act may write several changes. `case-opened` of the alert is left out when the case's own `opened` is present, and
 * a note on several simultaneous changes is shown with the first.
 */
export function timelineRows(changes: readonly Change[]): TimelineRow[] {
  const opened = changes.some(({ entity, action }) => entity === 'case' && action === 'opened')
  const shown = changes.filter(({ action }) => !(opened && action === 'case-opened'))
  return shown.map((change, index) => {
    const before = shown[index - 1]
    const repeated = before?.at === change.at && before.actor === change.actor && before.note === change.note
    return { change, note: repeated ? null : change.note }
  })
}

/** Candidate keys of `actions`, most specific first: an action may have another text for cases than for work orders. */
export const actionKeys = ({ entity, action }: Change): readonly string[] => [
  `${action}-of-${entity}`,
  action,
]

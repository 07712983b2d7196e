/** Spans in which a home is empty, from the calendars of its residents. Pure. */
import type { HomeAbsence } from '../model/ports/directory.ts'

/** As in the file: ISO 8601. */
interface FileSpan {
  readonly from: string
  readonly to: string
}

/** One calendar for each resident; the home is empty while all are away. Sorted, touching spans joined; ms. */
export function homeAbsences(calendars: readonly (readonly FileSpan[])[]): readonly HomeAbsence[] {
  const [first, ...others] = calendars.map(joinSpans)
  return others.reduce((common, next) => intersect(common, next), first ?? [])
}

function joinSpans(calendar: readonly FileSpan[]): HomeAbsence[] {
  const spans = calendar
    .map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))
    .sort((a, b) => a.from - b.from)
  const list: HomeAbsence[] = []
  for (const span of spans) {
    const last = list.at(-1)
    if (!last || span.from > last.to) list.push(span)
    else list[list.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
  }
  return list
}

function intersect(one: readonly HomeAbsence[], other: readonly HomeAbsence[]): HomeAbsence[] {
  return one.flatMap((a) =>
    other
      .map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }))
      .filter(({ from, to }) => from < to),
  )
}

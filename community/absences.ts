/** From the calendars of the residents to the spans in which nobody of a home is there. Pure. */
import type { HomeAbsence } from '../model/ports/directory.ts'

interface WrittenSpan {
  readonly from: string
  readonly to: string
}

/** One list a resident; a home is empty only while all of them are away. In order, joined where spans touch. */
export function homeAbsences(calendars: readonly (readonly WrittenSpan[])[]): readonly HomeAbsence[] {
  const [first, ...others] = calendars.map(joined)
  return others.reduce((common, next) => overlaps(common, next), first ?? [])
}

function joined(calendar: readonly WrittenSpan[]): HomeAbsence[] {
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

function overlaps(one: readonly HomeAbsence[], other: readonly HomeAbsence[]): HomeAbsence[] {
  return one.flatMap((a) =>
    other
      .map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }))
      .filter(({ from, to }) => from < to),
  )
}

/** Outages of a lift, spread evenly over a span of days. */
import type { FieldValues } from '../../model/device-type.ts'
import { HOUR, MINUTE } from '../devices/behaviour.ts'
import { nobody, still } from './car.ts'
import type { Happening, Span } from './fault.ts'

export const OUTAGES = 5
const LASTS = 2 * HOUR

const startOf = ({ from, to }: Span, index: number): number =>
  Math.round(from + (index * (to - from)) / OUTAGES)

/** `word`: what the box says on its event topic a minute before one begins. */
export function outageEvents(span: Span, word: string): Happening[] {
  return Array.from({ length: OUTAGES }, (_, index) => startOf(span, index)).flatMap((at): Happening[] => [
    { at: at - MINUTE, what: { event: word } },
    { at: at + LASTS, what: { event: 'back-in-service' } },
  ])
}

/** During an outage the car stands at a floor, empty. */
export function duringOutages(values: FieldValues, span: Span, elapsed: number): FieldValues {
  const now = span.from + elapsed
  const isOut = Array.from({ length: OUTAGES }, (_, index) => now - startOf(span, index)).some(
    (since) => since >= 0 && since < LASTS,
  )
  if (!isOut) return values
  return {
    ...values,
    ...still,
    ...nobody,
    carMode: 'out-of-service',
    carDoorZone: true,
    carDoorStatus: 'opened',
  }
}

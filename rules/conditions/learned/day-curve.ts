/**
 * A day as text: one number per five minutes, three base-64 letters each, so that a week of a device needs some kilobytes
 * and is shared by reference. Pure.
 */
import { median } from '../robust.ts'

export const slotMs = 300_000
export const slotsPerDay = 288
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const width = 3
const base = alphabet.length
/** Code of the number 0. */
const zero = base ** width / 2
const emptySlot = '.'.repeat(width)

export const emptyDay = emptySlot.repeat(slotsPerDay)

/** Returns the day with `value` (a whole number, clamped to ±131,071) at `slot`. */
export function writeSlot(day: string, slot: number, value: number): string {
  const code = Math.min(base ** width - 1, Math.max(0, Math.round(value) + zero))
  const high = alphabet[Math.floor(code / base ** 2)]
  const text = `${high}${alphabet[Math.floor(code / base) % base]}${alphabet[code % base]}`
  return day.slice(0, slot * width) + text + day.slice((slot + 1) * width)
}

/** The number at `slot`; undefined = empty. */
export function readSlot(day: string, slot: number): number | undefined {
  let code = 0
  for (let at = slot * width; at < (slot + 1) * width; at += 1) {
    const digit = alphabet.indexOf(day[at] ?? '.')
    if (digit < 0) return undefined
    code = code * base + digit
  }
  return code - zero
}

/** Median of the days at this slot; undefined when fewer than `minDays` have a number there. */
export function medianAt(days: readonly string[], slot: number, minDays: number): number | undefined {
  const known: number[] = []
  for (const day of days) {
    const value = readSlot(day, slot)
    if (value !== undefined) known.push(value)
  }
  return known.length < minDays ? undefined : median(known)
}

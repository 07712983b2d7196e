/**
 * A day as a line of text: one number every five minutes, three letters each, so that a week of a device needs some
 * kilobytes and moves by reference. Pure.
 */
import { median } from '../robust.ts'

export const slotMs = 300_000
export const slots = 288
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const width = 3
const base = letters.length
/** The number 0; others are so many steps above or below it. */
const middle = base ** width / 2
const unknown = '.'.repeat(width)

export const blankLine = unknown.repeat(slots)

/** `value` in whole steps, no farther from 0 than 131,071 of them. */
export function writeSlot(line: string, slot: number, value: number): string {
  const clamped = Math.min(base ** width - 1, Math.max(0, Math.round(value) + middle))
  const high = letters[Math.floor(clamped / base ** 2)]
  const text = `${high}${letters[Math.floor(clamped / base) % base]}${letters[clamped % base]}`
  return line.slice(0, slot * width) + text + line.slice((slot + 1) * width)
}

/** Steps; undefined = nothing was written there. */
export function readSlot(line: string, slot: number): number | undefined {
  let value = 0
  for (let at = slot * width; at < (slot + 1) * width; at += 1) {
    const digit = letters.indexOf(line[at] ?? '.')
    if (digit < 0) return undefined
    value = value * base + digit
  }
  return value - middle
}

/** Median of the days at this time of day; undefined when fewer than `least` of them know it. */
export function usualAt(days: readonly string[], slot: number, least: number): number | undefined {
  const known: number[] = []
  for (const line of days) {
    const value = readSlot(line, slot)
    if (value !== undefined) known.push(value)
  }
  return known.length < least ? undefined : median(known)
}

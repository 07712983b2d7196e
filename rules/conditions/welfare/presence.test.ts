/** Presence by sensors and planned absences. */
import { describe, expect, test } from 'vitest'
import { emptyScope, type Scope } from '../../expression/scope.ts'
import {
  awaySince,
  countFrom,
  overlapsAbsence,
  type Presence,
  type PresenceOptions,
  stepPresence,
} from './presence.ts'

type Message = 'opened' | 'closed' | 'door battery' | 'movement' | 'movement ended'
const messages = new WeakMap<Scope, Message>()
const isOne =
  (...wanted: readonly Message[]) =>
  (scope: Scope): boolean =>
    wanted.includes(messages.get(scope) as Message)

const options: PresenceOptions = {
  door: isOne('opened', 'closed', 'door battery'),
  moved: isOne('opened', 'closed'),
  open: isOne('opened'),
  inside: isOne('movement'),
  after: 15,
}

function follow(...story: readonly (readonly [ts: number, message: Message])[]): Presence | undefined {
  return story.reduce<Presence | undefined>((presence, [ts, message]) => {
    const scope = emptyScope()
    messages.set(scope, message)
    return stepPresence(options, presence, { scope, ts })
  }, undefined)
}

describe('presence by sensors', () => {
  test('away when nothing moves inside for a while after the door closed', () => {
    const presence = follow([10, 'opened'], [12, 'closed'])
    expect(awaySince(options, presence, 26)).toBeUndefined()
    expect(awaySince(options, presence, 27)).toBe(12)
  })
  test('not away while the door stands open', () => {
    expect(awaySince(options, follow([10, 'opened']), 999)).toBeUndefined()
  })
  test('movement inside ends it, the end of a movement does not', () => {
    expect(follow([12, 'closed'], [13, 'movement'])).toBeUndefined()
    expect(follow([12, 'closed'], [13, 'movement ended'])).toEqual({ doorAt: 12 })
  })
  test('messages from before the door movement and other messages of the door change nothing', () => {
    expect(follow([12, 'closed'], [11, 'movement'])).toEqual({ doorAt: 12 })
    expect(follow([12, 'closed'], [13, 'door battery'])).toEqual({ doorAt: 12 })
    expect(follow([13, 'movement'])).toBeUndefined()
  })
})

describe('planned absences', () => {
  const absences = [
    { from: 10, to: 20 },
    { from: 22, to: 40 },
    { from: 90, to: 99 },
  ]
  const wait = (length: number) => (start: number) => start + length

  test.each([
    ['before the first, over before it begins', 1, 9, 1],
    ['over just when it begins', 1, 9, 1],
    ['running into the first and then into the second', 5, 9, 40],
    ['running into the first only', 9, 1.5, 20],
    ['within an absence', 30, 5, 40],
    ['after an absence', 50, 5, 50],
  ])('a wait %s', (_, from, length, counted) => {
    expect(countFrom(absences, from, wait(length))).toBe(counted)
  })
  test.each([
    [1, 10, false],
    [1, 11, true],
    [20, 22, false],
    [19, 21, true],
    [25, 30, true],
  ])('%d to %d overlaps one: %s', (from, to, overlaps) => {
    expect(overlapsAbsence(absences, from, to)).toBe(overlaps)
  })
})

/** Defaults of `defineCondition`. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type BuildContext, type Condition, defineCondition, type Subject } from './condition.ts'
import { conditionKinds } from './table.ts'

const context = {} as BuildContext
const subject = {} as Subject

const minimal = defineCondition({
  name: 'minimal',
  about: 'device',
  schema: z.unknown(),
  build: () => ({ step: (state: number | undefined) => (state ?? 0) + 1, phase: () => undefined }),
})

test('a condition that names only step and phase gets the defaults', () => {
  const condition = minimal.build(undefined, context)
  expect(condition).toMatchObject({
    clock: 'device',
    acceptsLate: false,
    needsRepeatedReadings: false,
    clearedByPerson: false,
  })
  expect(condition.applies(subject)).toBe(true)
  expect(condition.due(3, subject)).toBeUndefined()
  expect(condition.fire(3, { at: 0, hub: 0 }, subject)).toBe(3)
  expect(condition.begin).toBeUndefined()
})

test('what a condition names itself is kept', () => {
  const own = {
    clock: 'hub',
    acceptsLate: true,
    readsOtherMembers: true,
    needsRepeatedReadings: true,
    clearedByPerson: true,
    maxAge: 5,
    applies: () => false,
    begin: () => 1,
    step: () => 2,
    due: () => ({ at: 1, hub: 2 }),
    fire: () => 3,
    phase: () => undefined,
    onClockRegression: () => 4,
    awaitsAnyMessage: () => true,
    silenceLimit: () => 5,
    needsEveryMessage: () => false,
    isUnknown: () => true,
  } satisfies Required<Condition<number>>
  const kind = defineCondition({ name: 'own', about: 'both', schema: z.unknown(), build: () => own })
  expect(kind.build(undefined, context)).toEqual(own)
})

test('every condition has the same members in the same order', () => {
  const members = Object.keys(minimal.build(undefined, context))
  const silence = conditionKinds.get('silence')?.build({ mains: 1, battery: 1, grace: 1 }, context)
  const flapping = conditionKinds.get('flapping')?.build({ times: 1, within: 1 }, context)
  for (const condition of [silence, flapping]) expect(Object.keys(condition ?? {})).toEqual(members)
})

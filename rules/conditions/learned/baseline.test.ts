/** What is out of the normal, figure by figure. */
import { describe, expect, test } from 'vitest'
import { judgeFigure, type Tests } from './baseline.ts'

/** Median 10; distances 2 1 0 1 2: spread 1.4826. */
const past = [8, 9, 10, 11, 12]
const base: Tests = { direction: 'both', counted: false }

describe('a figure against what is normal', () => {
  test.each<
    [name: string, tests: Partial<Tests>, now: number, past: readonly number[], deviates: boolean | undefined]
  >([
    ['z: just out', { z: 3 }, 14.45, past, true],
    ['z: just in', { z: 3 }, 14.44, past, false],
    ['z: below', { z: 3 }, 5.5, past, true],
    ['z: below, but only high is asked for', { z: 3, direction: 'high' }, 5.5, past, false],
    ['z: above, but only low is asked for', { z: 3, direction: 'low' }, 14.5, past, false],
    ['z: a constant value has a spread of 5 %', { z: 3 }, 11.6, [10, 10, 10], true],
    ['z: a constant value has a spread of 5 %: in', { z: 3 }, 11.4, [10, 10, 10], false],
    ['z: with a floor', { z: 3, floor: 2 }, 15.9, [10, 10, 10], false],
    ['z: out of a floor', { z: 3, floor: 2 }, 16, [10, 10, 10], true],
    ['z: nothing but 0 has no spread', { z: 3 }, 99, [0, 0, 0], undefined],
    ['z: but a floor', { z: 3, floor: 1 }, 3, [0, 0, 0], true],
    // 2 √9.375 = 6.12; 2 √21.375 = 9.25 is 3.12 more, 2 √20.375 = 9.03 only 2.9.
    ['z: counted things vary by their root', { z: 3, counted: true }, 21, [9, 9, 9], true],
    ['z: counted things vary by their root: in', { z: 3, counted: true }, 20, [9, 9, 9], false],
    // 2 √2.375 = 3.08 is 3.04 less, 2 √3.375 = 3.67 only 2.45.
    ['z: counted things, below', { z: 3, counted: true }, 2, [9, 9, 9], true],
    ['z: counted things, below: in', { z: 3, counted: true }, 3, [9, 9, 9], false],
    // A floor of 6 at 9 is a spread of 2 there.
    ['z: counted things with a floor', { z: 3, counted: true, floor: 6 }, 21, [9, 9, 9], false],
    ['z: none counted, then two', { z: 3, counted: true }, 2, [0, 0, 0], false],
    ['by', { by: 20 }, 30, past, true],
    ['by: in', { by: 20 }, 29.9, past, false],
    ['factor', { factor: 3 }, 30, past, true],
    ['factor: in', { factor: 3 }, 29.9, past, false],
    ['factor: below', { factor: 4 }, 2.5, past, true],
    ['factor: below, in', { factor: 4 }, 2.6, past, false],
    ['factor: of nothing', { factor: 3, direction: 'high' }, 0, [0, 0, 0], false],
    ['share: less than half', { share: 0.5, direction: 'low' }, 4.9, past, true],
    ['share: half is not less', { share: 0.5, direction: 'low' }, 5, past, false],
    ['share: more than half as much again', { share: 0.5 }, 15.1, past, true],
    ['two tests: both', { by: 200, share: 0.02 }, 300, past, true],
    ['two tests: only one', { by: 200, share: 0.02 }, 1150, [1000, 1000], false],
    ['two tests: only the other', { by: 200, share: 0.5 }, 1250, [1000, 1000], false],
    ['too little is normal', { share: 0.5, atLeast: 10.1 }, 1, past, undefined],
    ['enough is normal', { share: 0.5, atLeast: 10 }, 1, past, true],
    ['nothing is known', { share: 0.5 }, 1, [], undefined],
  ])('%s', (_, tests, now, known, deviates) => {
    expect(judgeFigure(now, known, { ...base, ...tests })?.deviates).toBe(deviates)
  })

  test('where few are known, their spread is wider before anything deviates, not before it is normal again', () => {
    const careful = { ...base, z: 3, caution: 5 }
    expect(judgeFigure(18, past, careful)?.deviates).toBe(false)
    expect(judgeFigure(19, past, careful)?.deviates).toBe(true)
    expect(judgeFigure(12.3, past, careful)?.isNormal).toBe(false)
    expect(judgeFigure(12.2, past, careful)?.isNormal).toBe(true)
  })

  test.each<[string, Partial<Tests>, number, boolean]>([
    ['by', { by: 20 }, 20, false],
    ['by', { by: 20 }, 19, true],
    ['share', { share: 0.5, direction: 'low' }, 7.4, false],
    ['share', { share: 0.5, direction: 'low' }, 7.5, true],
    ['share, the other side', { share: 0.5, direction: 'low' }, 99, true],
    ['factor', { factor: 4 }, 20, false],
    ['factor', { factor: 4 }, 19, true],
  ])('normal again is within half of the limit: %s %j, %d: %s', (_, tests, now, isNormal) => {
    expect(judgeFigure(now, past, { ...base, ...tests })?.isNormal).toBe(isNormal)
  })

  test('tells the figures', () => {
    expect(judgeFigure(14, past, { ...base, z: 1 })).toMatchObject({ now: 14, normal: 10, z: 4 / 1.4826 })
  })
})

/** Deviation from the baseline, limit by limit. */
import { describe, expect, test } from 'vitest'
import { compareWithBaseline, type Limits } from './baseline.ts'

/** Median 10; deviations 2 1 0 1 2: scaled MAD 1.4826. */
const history = [8, 9, 10, 11, 12]
const base: Limits = { direction: 'both', counted: false }

describe('compareWithBaseline', () => {
  test.each<
    [
      name: string,
      limits: Partial<Limits>,
      value: number,
      history: readonly number[],
      deviates: boolean | undefined,
    ]
  >([
    ['z: just above the limit', { z: 3 }, 14.45, history, true],
    ['z: just within the limit', { z: 3 }, 14.44, history, false],
    ['z: below', { z: 3 }, 5.5, history, true],
    ['z: below with direction high', { z: 3, direction: 'high' }, 5.5, history, false],
    ['z: above with direction low', { z: 3, direction: 'low' }, 14.5, history, false],
    ['z: a constant value varies by 5 %', { z: 3 }, 11.6, [10, 10, 10], true],
    ['z: a constant value varies by 5 %, within', { z: 3 }, 11.4, [10, 10, 10], false],
    ['z: within the floor', { z: 3, floor: 2 }, 15.9, [10, 10, 10], false],
    ['z: beyond the floor', { z: 3, floor: 2 }, 16, [10, 10, 10], true],
    ['z: only zeros have no spread', { z: 3 }, 99, [0, 0, 0], undefined],
    ['z: only zeros, with a floor', { z: 3, floor: 1 }, 3, [0, 0, 0], true],
    // 2 √9.375 = 6.12; 2 √21.375 = 9.25 is 3.12 more, 2 √20.375 = 9.03 only 2.9.
    ['z: counts vary by their square root', { z: 3, counted: true }, 21, [9, 9, 9], true],
    ['z: counts vary by their square root, within', { z: 3, counted: true }, 20, [9, 9, 9], false],
    // 2 √2.375 = 3.08 is 3.04 less, 2 √3.375 = 3.67 only 2.45.
    ['z: counts, below', { z: 3, counted: true }, 2, [9, 9, 9], true],
    ['z: counts, below, within', { z: 3, counted: true }, 3, [9, 9, 9], false],
    // A floor of 6 at 9 is a spread of 2 there.
    ['z: counts with a floor', { z: 3, counted: true, floor: 6 }, 21, [9, 9, 9], false],
    ['z: counts of zero, then two', { z: 3, counted: true }, 2, [0, 0, 0], false],
    ['by', { by: 20 }, 30, history, true],
    ['by: within', { by: 20 }, 29.9, history, false],
    ['factor', { factor: 3 }, 30, history, true],
    ['factor: within', { factor: 3 }, 29.9, history, false],
    ['factor: below', { factor: 4 }, 2.5, history, true],
    ['factor: below, within', { factor: 4 }, 2.6, history, false],
    ['factor: of zero', { factor: 3, direction: 'high' }, 0, [0, 0, 0], false],
    ['share: less than half', { share: 0.5, direction: 'low' }, 4.9, history, true],
    ['share: exactly half', { share: 0.5, direction: 'low' }, 5, history, false],
    ['share: more than half above', { share: 0.5 }, 15.1, history, true],
    ['two limits: both exceeded', { by: 200, share: 0.02 }, 300, history, true],
    ['two limits: only the first exceeded', { by: 200, share: 0.02 }, 1150, [1000, 1000], false],
    ['two limits: only the second exceeded', { by: 200, share: 0.5 }, 1250, [1000, 1000], false],
    ['baseline below atLeast', { share: 0.5, atLeast: 10.1 }, 1, history, undefined],
    ['baseline at atLeast', { share: 0.5, atLeast: 10 }, 1, history, true],
    ['no history', { share: 0.5 }, 1, [], undefined],
  ])('%s', (_, limits, value, known, deviates) => {
    expect(compareWithBaseline(value, known, { ...base, ...limits })?.deviates).toBe(deviates)
  })

  test('caution widens a short history for deviating, not for returning to normal', () => {
    const careful = { ...base, z: 3, caution: 5 }
    expect(compareWithBaseline(18, history, careful)?.deviates).toBe(false)
    expect(compareWithBaseline(19, history, careful)?.deviates).toBe(true)
    expect(compareWithBaseline(12.3, history, careful)?.isNormal).toBe(false)
    expect(compareWithBaseline(12.2, history, careful)?.isNormal).toBe(true)
  })

  test.each<[string, Partial<Limits>, number, boolean]>([
    ['by', { by: 20 }, 20, false],
    ['by', { by: 20 }, 19, true],
    ['share', { share: 0.5, direction: 'low' }, 7.4, false],
    ['share', { share: 0.5, direction: 'low' }, 7.5, true],
    ['share, other direction', { share: 0.5, direction: 'low' }, 99, true],
    ['factor', { factor: 4 }, 20, false],
    ['factor', { factor: 4 }, 19, true],
  ])('is normal again within half of the limit: %s %j, %d: %s', (_, limits, value, isNormal) => {
    expect(compareWithBaseline(value, history, { ...base, ...limits })?.isNormal).toBe(isNormal)
  })

  test('returns value, baseline and z', () => {
    expect(compareWithBaseline(14, history, { ...base, z: 1 })).toMatchObject({
      value: 14,
      baseline: 10,
      z: 4 / 1.4826,
    })
  })
})

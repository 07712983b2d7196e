/** The activity profile: which silences become normal, which days are learned, and how shares decay. */
import { describe, expect, test } from 'vitest'
import { hourMs } from '../local-time.ts'
import {
  type ActivityProfile,
  activityShare,
  addActivity,
  addSilence,
  emptyProfile,
  excludeToday,
  normalSilenceAt,
} from './activity-profile.ts'

const dayHours = 24
const ids = ['hall', 'bath']

/** Activity every `gap` hours for `days` days; member 0 each time, member 1 as well at `both`. */
function live(days: number, gap: number, change = (profile: ActivityProfile, _hour: number) => profile) {
  let profile = emptyProfile(0, 0)
  for (let hour = gap; hour <= days * dayHours; hour += gap) {
    const silence = { from: (hour - gap) * hourMs, to: hour * hourMs, offset: 0, normal: true }
    profile = addActivity(change(addSilence(profile, silence, ids), hour), 0)
  }
  return profile
}

test('nothing is normal before an hour is known on seven days', () => {
  expect(normalSilenceAt(live(6, 1), 12)).toBeUndefined()
  expect(live(6, 1).learnedDays).toBe(6)
  expect(normalSilenceAt(live(7, 1), 12)).toBe(hourMs)
})

test('a silence counts in each hour by the length it has reached', () => {
  const profile = live(8, 4)
  // Activity at 0, 4, 8 …; an hour also counts its neighbours, two before and one after.
  expect([4, 5, 6, 7].map((hour) => (normalSilenceAt(profile, hour) ?? 0) / hourMs)).toEqual([4, 4, 4, 4])
  expect((normalSilenceAt(live(8, 12), 3) ?? 0) / hourMs).toBe(5)
})

test('silences are rounded up to a quarter of an hour', () => {
  expect(normalSilenceAt(live(8, 0.7), 12)).toBe(0.75 * hourMs)
})

test('excluded days, days with few known hours and abnormal silences are not learned', () => {
  expect(live(8, 1, (profile, hour) => (hour % 24 === 5 ? excludeToday(profile) : profile)).learnedDays).toBe(
    0,
  )
  const abnormal = addSilence(emptyProfile(0, 0), { from: 0, to: 48 * hourMs, offset: 0, normal: false }, ids)
  expect(abnormal.learnedDays).toBe(0)
  expect(excludeToday(excludeToday(abnormal))).toMatchObject({ excluded: true })
})

test('the profile covers 28 days and starts again after a longer gap', () => {
  expect(live(40, 1).learnedDays).toBe(28)
  const late = { from: 0, to: 29 * dayHours * hourMs, offset: 0, normal: true }
  expect(addSilence(live(8, 1), { ...late, to: late.to + 8 * dayHours * hourMs }, ids).learnedDays).toBe(0)
})

test('hours are local, and a silence before the current hour changes nothing', () => {
  expect(emptyProfile(0, 5.5 * hourMs).hour).toBe(5)
  const profile = live(8, 1)
  expect(addSilence(profile, { from: 0, to: hourMs, offset: 0, normal: true }, ids)).toBe(profile)
})

describe('activity shares', () => {
  const twoMembers = live(10, 1, (profile, hour) => (hour % 4 === 0 ? addActivity(profile, 1) : profile))

  test('are the hours with activity of a device', () => {
    expect(activityShare(twoMembers, (id) => id === 'bath')).toBeCloseTo(0.2, 2)
    expect(activityShare(twoMembers, () => true)).toBe(1)
    expect(activityShare(emptyProfile(0, 0), () => true)).toBeUndefined()
  })
  test('decay by a tenth per day until they vanish', () => {
    const silence = { from: 240 * hourMs, to: 264 * hourMs, offset: 0, normal: false }
    const dayLater = addSilence(twoMembers, silence, ids)
    // The hour that is still open counts as well.
    const share = twoMembers.activityShares.bath as number
    expect(dayLater.activityShares.bath).toBeCloseTo((share + 1) * 0.9, 1)
    const monthsLater = [20, 40, 60, 80].reduce((profile, days) => {
      const to = (240 + days * dayHours) * hourMs
      return addSilence(profile, { ...silence, from: to, to }, ids)
    }, twoMembers)
    expect(monthsLater.activityShares).toEqual({})
  })
  test('adding the same activity again changes nothing', () => {
    const active = addActivity(twoMembers, 1)
    expect(addActivity(active, 1)).toBe(active)
  })
})

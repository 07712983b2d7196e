/** Rules that ask for the time: judged at the next reading when only time has passed, at the place of each device. */
import { describe, expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, type StoryMessage, story } from '../testing/community.ts'

const says = (minute: number, values: StoryMessage['values'], id = 'l1'): StoryMessage => ({
  device: id,
  at: `${minute}m`,
  values,
})
const rule = (when: string, more: Readonly<Record<string, unknown>> = {}) =>
  ruleText({
    id: 'timed',
    applies: { types: ['streetlight'] },
    condition: { predicate: { when, ...more } },
  })
const told = (source: ReturnType<typeof ruleText>, said: readonly StoryMessage[], site = {}, place = {}) => {
  const one = story(compiled([source]), directoryOf([device('l1', 'streetlight', place)], {}, site))
  one.say(...said).tick('12h', 300)
  expect(one.engine.stats().failures).toEqual([])
  return one.emitted().map((text) => text.replace(/@(\d+)/, (_, at) => `@${Number(at) / 60}`))
}
const burning = { powerState: 'on', powerConsumption: 50 }
const every5 = (until: number) =>
  Array.from({ length: until / 5 }, (_, index) => says(5 + index * 5, burning))

describe('the sun rises while a lamp burns on', () => {
  // In Greenwich on 1 March its centre rises at 06:48.
  const burns = rule("powerState == 'on' && sunElevation() > 0.0", { for: '30m' })
  test('nothing but time changes', () => {
    expect(told(burns, every5(480))).toEqual(['began timed@440'])
  })
  test('without readings nothing is evaluated', () => {
    expect(told(burns, every5(400))).toEqual([])
  })
  test('at the coordinates of the lamp itself', () => {
    expect(told(burns, every5(480), {}, { latitude: 51.48, longitude: 30 })).toEqual(['began timed@320'])
  })
  test('at the coordinates of the site', () => {
    expect(told(burns, every5(480), { longitude: 30 })).toEqual(['began timed@320'])
  })
})

describe('hours', () => {
  test('are those of the site', () => {
    const night = rule("powerState == 'on' && between(5, 6)")
    expect(told(night, every5(480))).toEqual(['began timed@300', 'ended timed@360'])
    expect(told(night, every5(480), { timeZone: 'Europe/Paris' })).toEqual([
      'began timed@240',
      'ended timed@300',
    ])
  })
  test('rules about time alone are evaluated at every reading', () => {
    expect(told(rule('between(5, 6)'), every5(480))).toEqual(['began timed@300', 'ended timed@360'])
  })
  test('hours at a timer are those of its due time', () => {
    const source = ruleText({
      id: 'timed',
      applies: { types: ['streetlight'] },
      condition: { predicate: { when: "powerState == 'on'", for: '30m', maxAge: '2h' } },
      steps: [{ when: 'between(5, 6)', severity: 'critical' }],
    })
    const severityAt = (minute: number) => {
      const one = story(compiled([source]), directoryOf([device('l1', 'streetlight')]))
      one.say(says(minute, burning)).tick('12h', 300)
      return one.findings[0]?.severity
    }
    expect([severityAt(269), severityAt(270), severityAt(329), severityAt(330)]).toEqual([
      'medium',
      'critical',
      'critical',
      'medium',
    ])
  })
})

test('a site that is moved to another zone moves its rules', () => {
  const where = { timeZone: 'UTC' }
  const directory = directoryOf([device('l1', 'streetlight')], {}, where)
  const one = story(compiled([rule('between(5, 6)')]), {
    ...directory,
    site: (id) => ({ id, name: { zh: id, en: id }, latitude: 0, longitude: 0, ...where }),
  })
  one.say(says(60, burning))
  where.timeZone = 'Asia/Shanghai'
  directory.set([device('l1', 'streetlight')])
  one.tick('20h', 3600).say(says(21 * 60 + 30, burning))
  expect(one.emitted()).toEqual(['began timed@77400'])
})

import { describe, expect, test } from 'vitest'
import { sampleOrder } from '../../../../tests/support/web-samples.ts'
import { crewChoices, defaultChoice } from './crew-choices.ts'

const crew = (id: string, site: string | null, deviceTypes: string[]) => ({
  id,
  name: { zh: id, en: id },
  site,
  deviceTypes,
})
const crews = [
  crew('all', 'east', []),
  crew('lifts', null, ['elevator']),
  crew('west', 'west', []),
  crew('lights', null, ['streetlight']),
]
const alert = { site: 'east', deviceType: 'streetlight', caseId: 'c1' }

describe('crewChoices', () => {
  test('crews for the device type first, then crews for all types; none of other sites', () => {
    const choices = crewChoices(crews, alert, [])
    expect(choices.map((choice) => [choice.crew.id, choice.isSuitable])).toEqual([
      ['lights', true],
      ['all', true],
      ['lifts', false],
    ])
    expect(defaultChoice(choices)?.crew.id).toBe('lights')
  })

  test('a crew with an order in progress in the same case is not assigned again; other and done orders do not count', () => {
    const orders = [
      sampleOrder({ crew: 'lights', caseId: 'c1', state: 'accepted' }),
      sampleOrder({ crew: 'all', caseId: 'c1', state: 'done' }),
      sampleOrder({ crew: 'lifts', caseId: 'c2' }),
    ]
    const choices = crewChoices(crews, alert, orders)
    expect(choices.filter((choice) => choice.currentOrder).map((choice) => choice.crew.id)).toEqual([
      'lights',
    ])
    expect(defaultChoice(choices)?.crew.id).toBe('all')
  })
})

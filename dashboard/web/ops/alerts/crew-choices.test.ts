import { describe, expect, test } from 'vitest'
import { sampleOrder } from '../../../../tests/support/web-samples.ts'
import { crewChoices, firstChoice } from './crew-choices.ts'

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
  test('crews for the type come first, then those for all; those of other sites are not offered', () => {
    const choices = crewChoices(crews, alert, [])
    expect(choices.map((choice) => [choice.crew.id, choice.suited])).toEqual([
      ['lights', true],
      ['all', true],
      ['lifts', false],
    ])
    expect(firstChoice(choices)?.crew.id).toBe('lights')
  })

  test('a crew at work in the same case is not sent twice; orders of other cases or done ones do not count', () => {
    const orders = [
      sampleOrder({ crew: 'lights', caseId: 'c1', state: 'accepted' }),
      sampleOrder({ crew: 'all', caseId: 'c1', state: 'done' }),
      sampleOrder({ crew: 'lifts', caseId: 'c2' }),
    ]
    const choices = crewChoices(crews, alert, orders)
    expect(choices.filter((choice) => choice.atWork).map((choice) => choice.crew.id)).toEqual(['lights'])
    expect(firstChoice(choices)?.crew.id).toBe('all')
  })
})

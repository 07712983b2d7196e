/** Two mats in one bed: moving from one to the other is not leaving, in any message order. */
import { expect, test } from 'vitest'
import { device, directoryOf, shipped, story } from '../../testing/community.ts'

const rules = shipped('out-of-bed')
const directory = directoryOf(
  ['left', 'right'].map((id) => device(id, 'motion', { home: 'h1', meta: { role: 'bed' } })),
)
const mat = (id: string, at: string, occupancy: boolean, receivedAt = at) => ({
  device: id,
  at,
  receivedAt,
  values: { occupancy },
})
const occupied = mat('right', '22h 30m', true)
const leaves = mat('left', '22h 30m 1s', false)

test.each([
  ['in order', [occupied, leaves]],
  ['in reverse order', [leaves, { ...occupied, receivedAt: '22h 30m 2s' }]],
])('moving to the other mat, messages %s', (_, messages) => {
  const night = story(rules, directory).say(mat('left', '22h', true), mat('right', '22h', false), ...messages)
  expect(night.tick('24h', 30).emitted()).toEqual([])
})

/** A sensor with a slow clock still gives current evidence: its messages are not ignored as old. */
import { expect, test } from 'vitest'
import { at, device, directoryOf, type StoryMessage, shipped, story } from '../../testing/community.ts'

const inHome = { home: 'h1' }
const directory = directoryOf([
  device('front', 'door', { ...inHome, meta: { role: 'entrance' } }),
  device('hall', 'motion', inHome),
])
const minute = 60_000
const minutesText = (time: number): string => `${(time - at('0s')) / minute}m`

/** A reading every quarter of an hour from one hour to another, by a clock that is `behind` hours slow. */
function moves(behind: number, [from, to]: readonly [number, number]): StoryMessage[] {
  const messages: StoryMessage[] = []
  for (let hour = from; hour < to; hour += 0.25) {
    const receivedAt = at(`${hour}h`)
    const occupancy = Number.isInteger(hour * 2)
    const when = { at: minutesText(receivedAt - behind * 60 * minute), receivedAt: minutesText(receivedAt) }
    messages.push({ device: 'hall', ...when, values: { occupancy } })
  }
  return messages
}
const opens = (hour: number): StoryMessage[] => [
  { device: 'front', at: `${hour}h`, values: { contact: false } },
  { device: 'front', at: `${hour * 60 + 1}m`, values: { contact: true } },
]

test.each([0, 0.5, 2, 8, 23])('%d h slow: no alert for a resident who came home after an hour', (behind) => {
  const home = story(shipped('not-back-home', 'unusual-silence'), directory)
  home.say(...moves(behind, [24, 32]), ...opens(32), ...opens(33), ...moves(behind, [33.25, 40]))
  home.tick('47h', 60)
  expect(home.emitted()).toEqual([])
})

test('reports a wrong clock once, and does not report messages buffered by a gateway', () => {
  const clocks = () => story(shipped('clock-wrong'), directory)
  const slow = clocks().say(...moves(8, [24, 32]))
  expect(slow.findings).toMatchObject([
    { change: 'began', reason: { en: expect.stringContaining('8 h behind') } },
  ])
  const buffered = moves(0, [24, 32]).map(
    (message, index): StoryMessage => ({ ...message, receivedAt: `${32 * 60 + index}m` }),
  )
  expect(
    clocks()
      .say(...buffered)
      .emitted(),
  ).toEqual([])
})

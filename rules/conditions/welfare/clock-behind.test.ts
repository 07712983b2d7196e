/** A sensor whose clock is hours behind those of its home says what is now: its signs are not passed over as old. */
import { expect, test } from 'vitest'
import { at, device, directoryOf, type StoryMessage, shipped, story } from '../../testing/community.ts'

const home = { home: 'h1' }
const directory = directoryOf([
  device('front', 'door', { ...home, meta: { role: 'entrance' } }),
  device('hall', 'motion', home),
])
const minute = 60_000
const spoken = (time: number): string => `${(time - at('0s')) / minute}m`

/** Every quarter of an hour from one hour to another, by a clock that is so many hours behind. */
function moves(behind: number, [from, to]: readonly [number, number]): StoryMessage[] {
  const said: StoryMessage[] = []
  for (let hour = from; hour < to; hour += 0.25) {
    const heard = at(`${hour}h`)
    const occupancy = Number.isInteger(hour * 2)
    const when = { at: spoken(heard - behind * 60 * minute), heard: spoken(heard) }
    said.push({ device: 'hall', ...when, values: { occupancy } })
  }
  return said
}
const opens = (hour: number): StoryMessage[] => [
  { device: 'front', at: `${hour}h`, values: { contact: false } },
  { device: 'front', at: `${hour * 60 + 1}m`, values: { contact: true } },
]

test.each([0, 0.5, 2, 8, 23])('%d h behind: who came home an hour later is not missed', (behind) => {
  const told = story(shipped('not-back-home', 'unusual-silence'), directory)
  told.say(...moves(behind, [24, 32]), ...opens(32), ...opens(33), ...moves(behind, [33.25, 40]))
  told.tick('47h', 60)
  expect(told.emitted()).toEqual([])
})

test('it is told that the clock is wrong, once; what a gateway kept for hours is no wrong clock', () => {
  const clocks = () => story(shipped('clock-wrong'), directory)
  const wrong = clocks().say(...moves(8, [24, 32]))
  expect(wrong.findings).toMatchObject([
    { change: 'began', reason: { en: expect.stringContaining('8 h behind') } },
  ])
  const kept = moves(0, [24, 32]).map(
    (said, index): StoryMessage => ({ ...said, heard: `${32 * 60 + index}m` }),
  )
  expect(
    clocks()
      .say(...kept)
      .emitted(),
  ).toEqual([])
})

/** The plan of the demonstration: something to see within the first minute, then a steady trickle. */
import type { CommunityFile } from '../model/community-file.ts'
import { HOUR, MINUTE, SECOND } from './devices/behaviour.ts'
import { faults } from './faults/table.ts'
import { makePlan, type Plan, type PlannedFault, place } from './plan.ts'
import { createRandom } from './random.ts'
import { subjectsOf } from './subject.ts'

/** Name, ms after the start, and how long. */
const opening = [
  ['bin-fire', 15 * SECOND, 6 * MINUTE],
  ['entrapment', 20 * SECOND, 8 * MINUTE],
  ['circuit-outage', 60 * SECOND, 15 * MINUTE],
  ['sos', 100 * SECOND, MINUTE],
] as const

/** What is worth a place in a demonstration; the two days of silence are not. */
const trickle = [
  'entrapment',
  'alarm-button',
  'moving-door-open',
  'lamp-dark',
  'circuit-outage',
  'bin-full',
  'bin-fire',
  'door-left-open',
  'offline',
  'low-battery',
]
const TRICKLE_FROM = 3 * MINUTE
const TRICKLE_GAP = 3 * MINUTE
const LONGEST = 20 * MINUTE

/** `from`: start of the demonstration, ms. Lasts a day; what comes after is ordinary life. */
export function demoPlan(community: CommunityFile, { seed, from }: { seed: string; from: number }): Plan {
  const random = createRandom(`demo/${seed}`)
  const subjects = subjectsOf(community)
  const first: PlannedFault[] = []
  for (const [name, after, lasts] of opening) {
    const fault = faults.get(name)
    const taken = new Set(first.flatMap((planned) => planned.devices))
    const candidates = subjects.filter((one) => fault?.deviceTypes.includes(one.type) && !taken.has(one.id))
    if (!fault || candidates.length === 0) continue
    const span = { from: from + after, to: from + after + lasts }
    first.push(place(fault, random.pick(candidates), { span, subjects }))
  }
  const busy = new Set(first.flatMap((planned) => planned.devices))
  const rest = { ...community, devices: community.devices.filter((device) => !busy.has(device.id)) }
  const later = makePlan({
    community: rest,
    seed,
    from: from + TRICKLE_FROM,
    to: from + 24 * HOUR,
    meanGap: TRICKLE_GAP,
    only: trickle,
    longest: LONGEST,
  })
  return [...first, ...later]
}

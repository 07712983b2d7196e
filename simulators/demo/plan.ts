/** The plan of the demonstration: something to see within the first minute, then a steady trickle. */
import type { CommunityFile } from '../../model/community-file.ts'
import { HOUR, MINUTE, SECOND } from '../devices/behaviour.ts'
import type { Span } from '../faults/fault.ts'
import { faults } from '../faults/table.ts'
import { makePlan, type Plan, type PlannedFault, placeFault } from '../plan.ts'
import { createRandom, type Random } from '../random.ts'
import { type Subject, subjectsOf } from '../subject.ts'

/** The first of `names` that can be seen then, ms after the start, and how long. */
const opening = [
  { names: ['bin-fire'], after: 15 * SECOND, lasts: 6 * MINUTE },
  { names: ['entrapment'], after: 20 * SECOND, lasts: 8 * MINUTE },
  { names: ['circuit-outage', 'bin-full'], after: 60 * SECOND, lasts: 15 * MINUTE },
  { names: ['sos'], after: 100 * SECOND, lasts: MINUTE },
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
  for (const { names, after, lasts } of opening) {
    const span = { from: from + after, to: from + after + lasts }
    const free = subjects.filter((one) => !first.some(({ devices }) => devices.includes(one.id)))
    const planned = firstVisible(names, { span, free, subjects, random })
    if (planned) first.push(planned)
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
    maxDuration: LONGEST,
  })
  return [...first, ...later]
}

interface Search {
  readonly span: Span
  /** Devices that nothing befalls yet. */
  readonly free: readonly Subject[]
  readonly subjects: readonly Subject[]
  readonly random: Random
}

function firstVisible(names: readonly string[], search: Search): PlannedFault | undefined {
  const { span, free, subjects, random } = search
  for (const name of names) {
    const fault = faults.get(name)
    if (!fault) continue
    const candidates = free.filter(
      (one) => fault.deviceTypes.includes(one.type) && (fault.isDetectable?.(span, one) ?? true),
    )
    if (candidates.length > 0) return placeFault(fault, random.pick(candidates), { span, subjects })
  }
  return undefined
}

/** The plan of the demonstration: alerts within the first minute, then a new one every few minutes. */
import type { CommunityFile } from '../../model/community-file.ts'
import { HOUR, MINUTE, SECOND } from '../devices/behaviour.ts'
import type { Span } from '../faults/fault.ts'
import { faults } from '../faults/table.ts'
import { makePlan, type Plan, type PlannedFault, placeFault } from '../plan.ts'
import { createRandom, type Random } from '../random.ts'
import { type Subject, subjectsOf } from '../subject.ts'

/** The first detectable fault of `names`; start (ms after the begin) and duration. */
const opening = [
  { names: ['bin-fire'], after: 15 * SECOND, duration: 6 * MINUTE },
  { names: ['entrapment'], after: 20 * SECOND, duration: 8 * MINUTE },
  { names: ['circuit-outage', 'bin-full'], after: 60 * SECOND, duration: 15 * MINUTE },
  { names: ['sos'], after: 100 * SECOND, duration: MINUTE },
] as const

/** Faults of the rest of the day: those that an audience sees soon. */
const recurring = [
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
const RECURRING_FROM = 3 * MINUTE
const RECURRING_GAP = 3 * MINUTE
const MAX_DURATION = 20 * MINUTE

/** Faults of one day from `from` (ms); afterwards the devices behave normally. */
export function demoPlan(community: CommunityFile, { seed, from }: { seed: string; from: number }): Plan {
  const random = createRandom(`demo/${seed}`)
  const subjects = subjectsOf(community)
  const first: PlannedFault[] = []
  for (const { names, after, duration } of opening) {
    const span = { from: from + after, to: from + after + duration }
    const free = subjects.filter((one) => !first.some(({ devices }) => devices.includes(one.id)))
    const planned = firstDetectable(names, { span, free, subjects, random })
    if (planned) first.push(planned)
  }
  const busy = new Set(first.flatMap((planned) => planned.devices))
  const rest = { ...community, devices: community.devices.filter((device) => !busy.has(device.id)) }
  const later = makePlan({
    community: rest,
    seed,
    from: from + RECURRING_FROM,
    to: from + 24 * HOUR,
    meanGap: RECURRING_GAP,
    only: recurring,
    maxDuration: MAX_DURATION,
  })
  return [...first, ...later]
}

interface Search {
  readonly span: Span
  /** Devices without a fault so far. */
  readonly free: readonly Subject[]
  readonly subjects: readonly Subject[]
  readonly random: Random
}

function firstDetectable(names: readonly string[], search: Search): PlannedFault | undefined {
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

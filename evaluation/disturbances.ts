/** What happens on the way in the simulations that rules are measured on: a share of all devices has no good line or clock. */
import type { CommunityFile } from '../model/community-file.ts'
import type { PlannedDisturbance } from '../simulators/delivery.ts'
import { DAY, HOUR, MINUTE } from '../simulators/devices/behaviour.ts'
import type { Disturbance } from '../simulators/disturbances/disturbance.ts'
import { disturbances } from '../simulators/disturbances/table.ts'
import type { Span } from '../simulators/faults/fault.ts'
import { createRandom, type Random } from '../simulators/random.ts'

type Devices = CommunityFile['devices']

/** Shares of all devices, of the first to the last day. */
const always = [
  { name: 'clock-ahead', share: 0.01 },
  { name: 'clock-behind', share: 0.01 },
  { name: 'clock-unset', share: 0.01 },
  { name: 'duplicated', share: 0.2 },
  { name: 'reordered', share: 0.2 },
] as const

/** A tenth of all gateways collects for some days, another loses its line for most of a day. */
const gatewayShare = 0.1
const DEAF = 10 * MINUTE
/** Once in so many days. */
const DEAF_EVERY = 15 * DAY

export interface DisturbanceOptions extends Span {
  readonly community: CommunityFile
  readonly seed: string
}

/**
 * A device without a clock is not overtaken, doubled or kept back for hours: nothing could tell when it meant what it
 * says (DESIGN 4.1). In the order of the table, so that a wrong clock is what is held up, and a deaf hub hears nothing of all of it.
 */
export function scorecardDisturbances({
  community,
  seed,
  from,
  to,
}: DisturbanceOptions): PlannedDisturbance[] {
  const random = createRandom(`disturbances/${seed}`)
  const { devices } = community
  const span = { from, to }
  const shares = new Map(always.map(({ name, share }) => [name, someOf(devices, share, random)]))
  const clockless = shares.get('clock-unset') ?? new Set()
  const planned = [...shares].map(([name, some]): PlannedDisturbance => {
    const reached = name === 'clock-unset' ? some : some.difference(clockless)
    return { disturbance: named(name), devices: reached, ...span }
  })
  for (const [gateway, behind] of Map.groupBy(devices, (device) => device.gateway)) {
    if (gateway === undefined) continue
    const ids = new Set(behind.map(({ id }) => id))
    const lot = random.next()
    if (lot < gatewayShare)
      planned.push({ ...sometime('gateway-batches', 3 * DAY, { span, random }), devices: ids })
    else if (lot < 2 * gatewayShare)
      planned.push({
        ...sometime('gateway-back-fills', 20 * HOUR, { span, random }),
        devices: ids.difference(clockless),
      })
  }
  const all = new Set(devices.map(({ id }) => id))
  for (let at = from + DEAF_EVERY; at < to; at += DEAF_EVERY) {
    const day = { from: at - DAY, to: at }
    planned.push({ ...sometime('hub-deaf', DEAF, { span: day, random }), devices: all })
  }
  return planned
}

function sometime(
  name: string,
  lasts: number,
  { span, random }: { readonly span: Span; readonly random: Random },
): Omit<PlannedDisturbance, 'devices'> {
  const from = Math.round(random.between(span.from, Math.max(span.from, span.to - lasts)))
  return { disturbance: named(name), from, to: from + lasts }
}

const someOf = (devices: Devices, share: number, random: Random): ReadonlySet<string> =>
  new Set(devices.filter(() => random.chance(share)).map(({ id }) => id))

function named(name: string): Disturbance {
  const found = disturbances.get(name)
  if (!found) throw new RangeError(`there is no disturbance ${name}`)
  return found
}

/** Longest delay and largest clock error (ms) on these devices in a span. */
export function troubleOf(
  planned: readonly PlannedDisturbance[],
  { devices, from, to }: Span & { readonly devices: readonly string[] },
): { readonly delays: number; readonly skews: number } {
  let delays = 0
  let skews = 0
  for (const one of planned) {
    if (one.from >= to || one.to <= from || !devices.some((device) => one.devices.has(device))) continue
    delays += one.disturbance.delays
    skews += one.disturbance.skews
  }
  return { delays, skews }
}

/** True when what was told of these devices at that time comes from the way to the hub, and honestly so. */
export function isBrought(
  planned: readonly PlannedDisturbance[],
  {
    ref,
    devices,
    raisedAt,
  }: { readonly ref: string; readonly devices: readonly string[]; readonly raisedAt: number },
): boolean {
  return planned.some(
    ({ disturbance, from, to, devices: reached }) =>
      disturbance.brings?.[ref] !== undefined &&
      raisedAt >= from &&
      raisedAt < to + HOUR &&
      devices.some((device) => reached.has(device)),
  )
}

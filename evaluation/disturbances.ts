/** Transport and clock disturbances of the evaluated simulations: a share of the devices has a bad link or clock. */
import type { CommunityFile } from '../model/community-file.ts'
import type { PlannedDisturbance } from '../simulators/delivery.ts'
import { DAY, HOUR, MINUTE } from '../simulators/devices/behaviour.ts'
import type { Disturbance } from '../simulators/disturbances/disturbance.ts'
import { disturbances } from '../simulators/disturbances/table.ts'
import type { Span } from '../simulators/faults/fault.ts'
import { createRandom, type Random } from '../simulators/random.ts'

type Devices = CommunityFile['devices']

/** Share of all devices, for the whole run. */
const permanent = [
  { name: 'clock-ahead', share: 0.01 },
  { name: 'clock-behind', share: 0.01 },
  { name: 'clock-unset', share: 0.01 },
  { name: 'duplicated', share: 0.2 },
  { name: 'reordered', share: 0.2 },
] as const

/** One tenth of the gateways sends in batches for some days, another tenth is disconnected for most of a day. */
const gatewayShare = 0.1
const HUB_OUTAGE = 10 * MINUTE
const HUB_OUTAGE_EVERY = 15 * DAY

export interface DisturbanceOptions extends Span {
  readonly community: CommunityFile
  readonly seed: string
}

/**
 * Plans the disturbances of a run. Devices without a clock get no reordering, duplicates or back-fill: the time of such
 * a message could not be known (DESIGN 4.1). Order matters: clock errors first, then transport, hub outages last.
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
  const shares = new Map(permanent.map(({ name, share }) => [name, sampleOf(devices, share, random)]))
  const clockless = shares.get('clock-unset') ?? new Set()
  const planned = [...shares].map(([name, some]): PlannedDisturbance => {
    const affected = name === 'clock-unset' ? some : some.difference(clockless)
    return { disturbance: disturbanceOf(name), devices: affected, ...span }
  })
  for (const [gateway, behind] of Map.groupBy(devices, (device) => device.gateway)) {
    if (gateway === undefined) continue
    const ids = new Set(behind.map(({ id }) => id))
    const draw = random.next()
    if (draw < gatewayShare)
      planned.push({ ...atRandomTime('gateway-batches', 3 * DAY, { span, random }), devices: ids })
    else if (draw < 2 * gatewayShare)
      planned.push({
        ...atRandomTime('gateway-back-fills', 20 * HOUR, { span, random }),
        devices: ids.difference(clockless),
      })
  }
  const all = new Set(devices.map(({ id }) => id))
  for (let at = from + HUB_OUTAGE_EVERY; at < to; at += HUB_OUTAGE_EVERY) {
    const day = { from: at - DAY, to: at }
    planned.push({ ...atRandomTime('hub-outage', HUB_OUTAGE, { span: day, random }), devices: all })
  }
  return planned
}

function atRandomTime(
  name: string,
  duration: number,
  { span, random }: { readonly span: Span; readonly random: Random },
): Omit<PlannedDisturbance, 'devices'> {
  const from = Math.round(random.between(span.from, Math.max(span.from, span.to - duration)))
  return { disturbance: disturbanceOf(name), from, to: from + duration }
}

const sampleOf = (devices: Devices, share: number, random: Random): ReadonlySet<string> =>
  new Set(devices.filter(() => random.chance(share)).map(({ id }) => id))

function disturbanceOf(name: string): Disturbance {
  const found = disturbances.get(name)
  if (!found) throw new RangeError(`unknown disturbance ${name}`)
  return found
}

/** Total possible delay and clock error (ms) on these devices during a span. */
export function deliveryErrorOf(
  planned: readonly PlannedDisturbance[],
  { devices, from, to }: Span & { readonly devices: readonly string[] },
): { readonly delays: number; readonly skews: number } {
  let delays = 0
  let skews = 0
  for (const one of planned) {
    if (one.from >= to || one.to <= from || !devices.some((device) => one.devices.has(device))) continue
    delays += one.disturbance.maxDelay
    skews += one.disturbance.maxClockError
  }
  return { delays, skews }
}

/** True if a disturbance rightly causes an alert of rule `ref` on these devices at that time. */
export function isCausedByDisturbance(
  planned: readonly PlannedDisturbance[],
  {
    ref,
    devices,
    raisedAt,
  }: { readonly ref: string; readonly devices: readonly string[]; readonly raisedAt: number },
): boolean {
  return planned.some(
    ({ disturbance, from, to, devices: affected }) =>
      disturbance.causesAlerts?.[ref] !== undefined &&
      raisedAt >= from &&
      raisedAt < to + HOUR &&
      devices.some((device) => affected.has(device)),
  )
}

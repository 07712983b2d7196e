/** The simulated community: all devices and faults on one event queue, in order of time. No clock, no network. */
import type { CommunityFile } from '../model/community-file.ts'
import type { FieldValues } from '../model/device-type.ts'
import { createEventQueue } from './event-queue.ts'
import { type LocalTime, localTimeOf } from './local-time.ts'
import { type Plan, type PlannedFault, resolveFault } from './plan.ts'
import { createSimulatedDevice, type ScheduledFault, type SimulatedDevice } from './simulated-device.ts'
import { type Subject, subjectsOf } from './subject.ts'

/** Simulated time in ms. `drop` = the connection is lost without DISCONNECT, `connect` = connected (again). */
export type Emission = { readonly at: number; readonly subject: Subject } & (
  | { readonly kind: 'connect' }
  | { readonly kind: 'drop' }
  | {
      readonly kind: 'message'
      readonly channel: 'telemetry' | 'event'
      /** With `ts` and `seq`. */
      readonly payload: Readonly<Record<string, unknown>>
    }
)

export interface World {
  /** Time of the next event, ms. */
  nextAt(): number | undefined
  /** Everything up to and including `now`, in order. */
  advance(now: number): Emission[]
  /** Number of simulated devices. */
  readonly devices: number
  /** Ids of devices whose type has no behaviour. */
  readonly unsupported: readonly string[]
}

export interface WorldOptions {
  readonly community: CommunityFile
  readonly seed: string
  readonly plan: Plan
  /** Start, ms. */
  readonly from: number
  /** Shortest step by device type, ms, for devices that report less often than usual. Faults keep their own interval. */
  readonly minInterval?: ReadonlyMap<string, number>
  /** Ends of hub outages, ms: every device that reconnects then reports its state. */
  readonly hubReturns?: readonly number[]
}

/** All devices connect within this time after the start, one after the other. */
const CONNECT_SPREAD_MS = 2000

type Task =
  /** The behaviour's own next step; void when `stepAt` has changed since. */
  | { readonly do: 'step'; readonly device: DeviceRun }
  /** An extra step at the edge of a fault. */
  | { readonly do: 'extra-step'; readonly device: DeviceRun }
  | { readonly do: 'report'; readonly device: DeviceRun }
  /** Reports at an interval during a fault. */
  | { readonly do: 'repeat'; readonly device: DeviceRun; readonly every: number; readonly until: number }
  | { readonly do: 'connect' | 'drop' | 'restart'; readonly device: DeviceRun }
  | { readonly do: 'event'; readonly device: DeviceRun; readonly event: string }

interface DeviceRun {
  readonly simulated: SimulatedDevice
  /** Shortest time between two of its own steps, ms. */
  readonly minInterval: number
  /** When its own next step is due; older ones in the queue are void. */
  stepAt: number
  online: boolean
  seq: number
}

/** The devices of a community with the faults of a plan; the same options give the same emissions. */
export function createWorld(options: WorldOptions): World {
  const queue = createEventQueue<Task>()
  const { runs, unsupported } = createRuns(options)
  const spread = CONNECT_SPREAD_MS / Math.max(1, runs.length)
  for (const [index, { device, faults }] of runs.entries()) {
    queue.add(Math.round(options.from + index * spread), { do: 'connect', device })
    for (const at of options.hubReturns ?? []) queue.add(at, { do: 'report', device })
    for (const fault of faults) scheduleFault(fault, device, queue.add)
  }
  return {
    nextAt: queue.nextAt,
    devices: runs.length,
    unsupported,
    advance(now) {
      const emissions: Emission[] = []
      const output = { add: queue.add, emit: (emission: Emission) => emissions.push(emission) }
      for (let due = queue.nextAt(); due !== undefined && due <= now; due = queue.nextAt()) {
        const next = queue.pop()
        if (next) runTask(next.event, next.at, output)
      }
      return emissions
    },
  }
}

interface Population {
  readonly runs: readonly { readonly device: DeviceRun; readonly faults: readonly ScheduledFault[] }[]
  readonly unsupported: readonly string[]
}

function createRuns({ community, seed, plan, minInterval }: WorldOptions): Population {
  const planned = faultsByDevice(plan)
  const zones = new Map<string, (now: number) => LocalTime>()
  const unsupported: string[] = []
  const runs = subjectsOf(community).flatMap((subject) => {
    const localTime = zones.get(subject.timeZone) ?? localTimeOf(subject.timeZone)
    zones.set(subject.timeZone, localTime)
    const faults = (planned.get(subject.id) ?? []).map(toScheduledFault)
    const simulated = createSimulatedDevice(subject, seed, { localTime, faults })
    if (!simulated) {
      unsupported.push(subject.id)
      return []
    }
    const device = {
      simulated,
      minInterval: minInterval?.get(subject.type) ?? 1,
      stepAt: Number.NaN,
      online: false,
      seq: 0,
    }
    return [{ device, faults }]
  })
  return { runs, unsupported }
}

function faultsByDevice(plan: Plan): ReadonlyMap<string, readonly PlannedFault[]> {
  const found = new Map<string, PlannedFault[]>()
  for (const planned of plan)
    for (const device of new Set(planned.devices)) {
      const known = found.get(device)
      if (known) known.push(planned)
      else found.set(device, [planned])
    }
  return found
}

function toScheduledFault(planned: PlannedFault): ScheduledFault {
  return { ...resolveFault(planned), span: { from: planned.from, to: planned.to } }
}

type Add = (at: number, task: Task) => void

/** Queues what a fault does: readings at its edges and at its interval, events, and connection changes. */
function scheduleFault({ fault, span, effect }: ScheduledFault, device: DeviceRun, add: Add): void {
  if (fault.override) for (const at of [span.from, span.to]) add(at, { do: 'extra-step', device })
  if (fault.alterTelemetry) {
    const every = fault.reportEvery ?? Number.POSITIVE_INFINITY
    add(effect.from, { do: 'repeat', device, every, until: effect.to })
    add(effect.to, { do: 'report', device })
  }
  for (const { at, action } of fault.events?.(span, device.simulated.subject) ?? []) {
    add(
      at,
      typeof action === 'string' ? { do: action, device } : { do: 'event', device, event: action.event },
    )
  }
}

interface TaskOutput {
  readonly add: Add
  readonly emit: (emission: Emission) => void
}

function runTask(task: Task, at: number, output: TaskOutput): void {
  const { device } = task
  if (task.do === 'extra-step' || (task.do === 'step' && at === device.stepAt)) step(device, at, output)
  if (task.do === 'report') report(device, at, output)
  if (task.do === 'repeat') {
    report(device, at, output)
    if (at + task.every < task.until) output.add(at + task.every, task)
  }
  if (task.do === 'event') send(device, { at, channel: 'event', values: { type: task.event } }, output)
  if (task.do === 'connect') connect(device, at, output)
  if (task.do === 'restart') device.seq = 0
  if (task.do === 'drop') {
    device.online = false
    output.emit({ at, subject: device.simulated.subject, kind: 'drop' })
  }
}

function connect(device: DeviceRun, at: number, output: TaskOutput): void {
  device.online = true
  output.emit({ at, subject: device.simulated.subject, kind: 'connect' })
  if (Number.isNaN(device.stepAt)) step(device, at, output)
  else report(device, at, output)
}

function report(device: DeviceRun, at: number, output: TaskOutput): void {
  send(device, { at, channel: 'telemetry', values: device.simulated.telemetry(at) }, output)
}

function step(device: DeviceRun, at: number, output: TaskOutput): void {
  const { telemetry, events, nextAt } = device.simulated.step(at)
  // Whole milliseconds and always forward: a step that asks for the present would stop time.
  const next = Math.max(at + device.minInterval, Math.ceil(nextAt))
  if (next !== device.stepAt) output.add(next, { do: 'step', device })
  device.stepAt = next
  for (const event of events) send(device, { at, channel: 'event', values: { type: event } }, output)
  if (telemetry) send(device, { at, channel: 'telemetry', values: telemetry }, output)
}

interface OwnMessage {
  readonly at: number
  readonly channel: 'telemetry' | 'event'
  readonly values: FieldValues
}

/** Messages of an offline device are discarded and use no sequence number. */
function send(device: DeviceRun, { at, channel, values }: OwnMessage, { emit }: TaskOutput): void {
  if (!device.online) return
  device.seq++
  if (device.simulated.isLost(at, device.seq)) return
  const payload = { ts: new Date(at).toISOString(), seq: device.seq, ...values }
  emit({ at, subject: device.simulated.subject, kind: 'message', channel, payload })
}

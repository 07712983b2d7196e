/** The simulated community: every device and fault on one agenda, told in the order of time. No clock, no network. */
import type { CommunityFile } from '../model/community-file.ts'
import type { FieldValues } from '../model/device-type.ts'
import { createAgenda } from './agenda.ts'
import { type LocalTime, localTimeOf } from './local-time.ts'
import { effectiveSpan, type Plan, type PlannedFault } from './plan.ts'
import { type Affliction, createSimulatedDevice, type SimulatedDevice } from './simulated-device.ts'
import { type Subject, subjectsOf } from './subject.ts'

/** Simulated time in ms. `drop` = the line is cut without a word, `connect` = it is there (again). */
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
  /** Time of the next thing to happen, ms. */
  nextAt(): number | undefined
  /** Everything that happens up to and with `now`, in order. */
  advance(now: number): Emission[]
  /** Devices taking part; others have a type that no behaviour is known for. */
  readonly devices: number
  readonly passedOver: readonly string[]
}

export interface WorldOptions {
  readonly community: CommunityFile
  readonly seed: string
  readonly plan: Plan
  /** Start, ms. */
  readonly from: number
  /** Longer steps than a type would take by itself, ms: devices that report less often. Faults keep their own pace. */
  readonly pace?: ReadonlyMap<string, number>
  /** When the hub is there again after it was away, ms: whoever connects anew says how it stands. */
  readonly reconnects?: readonly number[]
}

/** All devices come on line within so long, one after the other. */
const HELLO_MS = 2000

type Task =
  /** Its own next step; void when `stepAt` is another time by now. */
  | { readonly do: 'step'; readonly device: Life }
  /** A step asked for by a fault. */
  | { readonly do: 'disturb'; readonly device: Life }
  | { readonly do: 'speak'; readonly device: Life }
  /** The same again and again while a fault lasts. */
  | { readonly do: 'repeat'; readonly device: Life; readonly every: number; readonly until: number }
  | { readonly do: 'connect' | 'drop' | 'restart'; readonly device: Life }
  | { readonly do: 'event'; readonly device: Life; readonly word: string }

interface Life {
  readonly simulated: SimulatedDevice
  /** Shortest time between two of its own steps, ms. */
  readonly pace: number
  /** When its next own step is due; an older one on the agenda is void. */
  stepAt: number
  online: boolean
  seq: number
}

export function createWorld(options: WorldOptions): World {
  const agenda = createAgenda<Task>()
  const { lives, passedOver } = populate(options)
  const pace = HELLO_MS / Math.max(1, lives.length)
  for (const [index, { device, afflictions }] of lives.entries()) {
    agenda.add(Math.round(options.from + index * pace), { do: 'connect', device })
    for (const at of options.reconnects ?? []) agenda.add(at, { do: 'speak', device })
    for (const affliction of afflictions) enterFault(affliction, device, agenda.add)
  }
  return {
    nextAt: agenda.nextAt,
    devices: lives.length,
    passedOver,
    advance(now) {
      const out: Emission[] = []
      for (let due = agenda.nextAt(); due !== undefined && due <= now; due = agenda.nextAt()) {
        const next = agenda.take()
        if (next) perform(next.what, next.at, { add: agenda.add, emit: (emission) => out.push(emission) })
      }
      return out
    },
  }
}

interface Populated {
  readonly lives: readonly { readonly device: Life; readonly afflictions: readonly Affliction[] }[]
  readonly passedOver: readonly string[]
}

function populate({ community, seed, plan, pace }: WorldOptions): Populated {
  const faultsOf = byDevice(plan)
  const zones = new Map<string, (now: number) => LocalTime>()
  const passedOver: string[] = []
  const lives = subjectsOf(community).flatMap((subject) => {
    const localTime = zones.get(subject.timeZone) ?? localTimeOf(subject.timeZone)
    zones.set(subject.timeZone, localTime)
    const afflictions = (faultsOf.get(subject.id) ?? []).map(afflictionOf)
    const simulated = createSimulatedDevice(subject, seed, { localTime, afflictions })
    if (!simulated) {
      passedOver.push(subject.id)
      return []
    }
    const life = { simulated, pace: pace?.get(subject.type) ?? 1, stepAt: Number.NaN, online: false, seq: 0 }
    return [{ device: life, afflictions }]
  })
  return { lives, passedOver }
}

function byDevice(plan: Plan): ReadonlyMap<string, readonly PlannedFault[]> {
  const found = new Map<string, PlannedFault[]>()
  for (const planned of plan)
    for (const device of new Set(planned.devices)) {
      const known = found.get(device)
      if (known) known.push(planned)
      else found.set(device, [planned])
    }
  return found
}

function afflictionOf(planned: PlannedFault): Affliction {
  return { ...effectiveSpan(planned), span: { from: planned.from, to: planned.to } }
}

type Add = (at: number, task: Task) => void

/** A fault makes its devices speak at its edges and in between, and cuts or restores their line. */
function enterFault({ fault, span, effect }: Affliction, device: Life, add: Add): void {
  if (fault.circumstance) for (const at of [span.from, span.to]) add(at, { do: 'disturb', device })
  if (fault.shape) {
    const every = fault.every ?? Number.POSITIVE_INFINITY
    add(effect.from, { do: 'repeat', device, every, until: effect.to })
    add(effect.to, { do: 'speak', device })
  }
  for (const { at, what } of fault.happenings?.(span, device.simulated.subject) ?? []) {
    add(at, typeof what === 'string' ? { do: what, device } : { do: 'event', device, word: what.event })
  }
}

interface Hands {
  readonly add: Add
  readonly emit: (emission: Emission) => void
}

function perform(task: Task, at: number, hands: Hands): void {
  const { device } = task
  if (task.do === 'disturb' || (task.do === 'step' && at === device.stepAt)) step(device, at, hands)
  if (task.do === 'speak') speak(device, at, hands)
  if (task.do === 'repeat') {
    speak(device, at, hands)
    if (at + task.every < task.until) hands.add(at + task.every, task)
  }
  if (task.do === 'event') say(device, { at, channel: 'event', values: { type: task.word } }, hands)
  if (task.do === 'connect') connect(device, at, hands)
  if (task.do === 'restart') device.seq = 0
  if (task.do === 'drop') {
    device.online = false
    hands.emit({ at, subject: device.simulated.subject, kind: 'drop' })
  }
}

function connect(device: Life, at: number, hands: Hands): void {
  device.online = true
  hands.emit({ at, subject: device.simulated.subject, kind: 'connect' })
  if (Number.isNaN(device.stepAt)) step(device, at, hands)
  else speak(device, at, hands)
}

function speak(device: Life, at: number, hands: Hands): void {
  say(device, { at, channel: 'telemetry', values: device.simulated.telemetry(at) }, hands)
}

function step(device: Life, at: number, hands: Hands): void {
  const { telemetry, events, nextAt } = device.simulated.step(at)
  // Whole milliseconds, and always forward: a device that asks for now would never let time pass.
  const next = Math.max(at + device.pace, Math.ceil(nextAt))
  // A disturbed device leaves its former wish on the agenda, where it is void.
  if (next !== device.stepAt) hands.add(next, { do: 'step', device })
  device.stepAt = next
  for (const word of events) say(device, { at, channel: 'event', values: { type: word } }, hands)
  if (telemetry) say(device, { at, channel: 'telemetry', values: telemetry }, hands)
}

interface Said {
  readonly at: number
  readonly channel: 'telemetry' | 'event'
  readonly values: FieldValues
}

/** A device without a line speaks to nobody: the message is lost, its number is not used. */
function say(device: Life, { at, channel, values }: Said, { emit }: Hands): void {
  if (!device.online) return
  device.seq++
  if (device.simulated.loses(at, device.seq)) return
  const payload = { ts: new Date(at).toISOString(), seq: device.seq, ...values }
  emit({ at, subject: device.simulated.subject, kind: 'message', channel, payload })
}

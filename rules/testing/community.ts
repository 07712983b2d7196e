/** A small community and a readable language for what its devices report, for tests of the rules. */
import type { FieldValues } from '../../model/device-type.ts'
import type { DeviceEntry, Entry, Journaled } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { Device, Directory, Home, Site } from '../../model/ports/directory.ts'
import { compileRules } from '../compile/compile-rules.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { createEngine, type Engine } from '../engine/create-engine.ts'
import { libraryFolder, readRuleFolder } from '../library/read.ts'
import type { RuleSource } from '../schema/rule-file.ts'

/** 2026-03-01T00:00:00Z. */
export const midnight = Date.UTC(2026, 2, 1)

/** `1h 30m` after midnight. */
export function at(text: string): number {
  let total = midnight
  for (const [, amount, unit] of text.matchAll(/(-?[\d.]+)(ms|s|m|h|d)/g)) {
    const size = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? ''] ?? Number.NaN
    total += Number(amount) * size
  }
  return total
}

export function device(id: string, type: string, more: Partial<Device> = {}): Device {
  return {
    id,
    type,
    site: 'north',
    grid: null,
    building: null,
    home: null,
    circuit: null,
    gateway: null,
    name: null,
    place: { zh: id, en: id },
    latitude: null,
    longitude: null,
    meta: {},
    ...more,
  }
}

export interface Homes {
  readonly [id: string]: Partial<Pick<Home, 'fragile' | 'persons' | 'away'>>
}

/** Place of the stories: local time is UTC. */
const greenwich = { timeZone: 'UTC', latitude: 51.48, longitude: 0 }

/** A directory of these devices; `set` replaces them, as a changed community file does. */
export function directoryOf(
  devices: readonly Device[],
  homes: Homes = {},
  site: Partial<Site> = {},
): Directory & { set(d: readonly Device[]): void } {
  let list = devices
  return {
    set(next) {
      list = next
    },
    devices: () => list,
    device: (id) => list.find((one) => one.id === id),
    home(id) {
      const members = list.filter((one) => one.home === id)
      if (members.length === 0) return undefined
      return { id, site: 'north', persons: 1, fragile: false, away: [], ...homes[id], devices: members }
    },
    site: (id) => ({ id, name: { zh: id, en: id }, ...greenwich, ...site }),
    crew: () => undefined,
    sites: () => [],
    grids: () => [],
    crews: () => [],
  }
}

/** Compiles rule files; throws with all problems. */
export function compiled(files: readonly RuleSource[]): CompiledRules {
  const result = compileRules(files)
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1))
  return result.rules
}

/** The shipped rules, or only those with these ids; rules that they inhibit are not added. */
export function shipped(...ids: readonly string[]): CompiledRules {
  const all = compiled(readRuleFolder(libraryFolder))
  return ids.length === 0 ? all : { ...all, list: all.list.filter(({ id }) => ids.includes(id)) }
}

/** A rule file for tests of one condition: everything but the condition is filled in. */
export function ruleText(fields: Readonly<Record<string, unknown>>): RuleSource {
  const rule = {
    id: 'tested',
    ref: 'X1',
    title: { zh: '测试', en: 'Tested' },
    kind: 'maintenance',
    severity: 'medium',
    source: 'test',
    applies: { types: ['bin'] },
    reason: { zh: '测试', en: 'tested' },
    ...fields,
  }
  return { source: 'tested.yaml', text: JSON.stringify(rule) }
}

export interface StoryMessage {
  readonly device: string
  /** When by the device's clock, e.g. `10m 5s` after midnight. */
  readonly at: string
  /** When the hub received it; default: `at`. */
  readonly receivedAt?: string
  readonly kind?: DeviceEntry['kind']
  readonly quality?: DeviceEntry['quality']
  readonly seq?: number
  readonly rejected?: number
  readonly values?: FieldValues
}

export interface Story {
  readonly engine: Engine
  readonly findings: Finding[]
  /** Applies messages in the order in which the hub receives them. */
  say(...messages: readonly StoryMessage[]): Story
  /** Applies a tick every `step` seconds from the last entry up to `until`. */
  tick(until: string, step?: number): Story
  /** Applies one journal entry. */
  apply(entry: Entry): Finding[]
  /** All findings as `change rule@at`; seconds after midnight. */
  emitted(): string[]
}

/** A new engine to which the methods apply messages and ticks. */
export function story(rules: CompiledRules, directory: Directory): Story {
  const engine = createEngine({ rules, directory })
  const findings: Finding[] = []
  let seq = 0
  let now = midnight
  const self: Story = {
    engine,
    findings,
    apply(entry) {
      seq += 1
      now = Math.max(now, entry.receivedAt)
      const found = engine.apply({ ...entry, seq } as Journaled)
      found.forEach(checkPlaceholders)
      findings.push(...found)
      return found
    },
    say(...messages) {
      for (const one of messages) self.apply(entryOf(one, directory))
      return self
    },
    tick(until, step = 1) {
      const end = at(until)
      for (let time = now + step * 1000; time < end; time += step * 1000)
        self.apply({ kind: 'tick', receivedAt: time })
      self.apply({ kind: 'tick', receivedAt: end })
      return self
    },
    emitted: () =>
      findings.map(({ change, rule, at: when }) => `${change} ${rule}@${(when - midnight) / 1000}`),
  }
  return self
}

/** Throws on placeholders without a value, which would appear on screens. */
function checkPlaceholders({ rule, reason }: Finding): void {
  const text = `${reason.zh} ${reason.en}`
  if (/\{\w+\}|NaN|undefined/.test(text)) throw new Error(`unfilled text of ${rule}: ${text}`)
}

export function entryOf(message: StoryMessage, directory: Directory): DeviceEntry {
  const type = directory.device(message.device)?.type ?? 'unknown'
  return {
    kind: message.kind ?? 'telemetry',
    site: 'north',
    type,
    device: message.device,
    ts: at(message.at),
    receivedAt: at(message.receivedAt ?? message.at),
    quality: message.quality ?? 'live',
    values: message.values ?? {},
    ...(message.seq !== undefined && { messageSeq: message.seq }),
    ...(message.rejected !== undefined && { rejected: message.rejected }),
  }
}

/** Findings, people and a directory for tests of alerts and cases. */
import type { Finding } from '../../model/finding.ts'
import type { CommandContext } from '../../model/ports/commands.ts'
import type { Crew, Device, Directory, Site } from '../../model/ports/directory.ts'
import type { Role, User } from '../../model/user.ts'

const text = (words: string) => ({ zh: words, en: words })

/** A finding of one lamp's rule, with what the test names. */
export function finding(patch: Partial<Finding> = {}): Finding {
  const startedAt = patch.startedAt ?? 1_000
  return {
    episode: `e-${patch.rule ?? 'rule-1'}-${patch.device ?? 'lamp-1'}-${startedAt}`,
    change: 'began',
    rule: 'rule-1',
    ref: 'L2',
    kind: 'maintenance',
    severity: 'medium',
    title: text('title'),
    reason: text('reason'),
    site: 'east',
    device: 'lamp-1',
    at: startedAt,
    startedAt,
    raisedAt: startedAt,
    ended: patch.change === 'ended' || patch.change === 'retracted',
    evidence: {},
    seq: 1,
    index: 0,
    ...patch,
  }
}

export function user(role: Role, patch: Partial<User> = {}): User {
  return {
    login: role,
    name: role,
    role,
    crew: null,
    grid: null,
    passwordHash: null,
    disabled: false,
    ...patch,
  }
}

export function context(role: Role, now: number, note?: string): CommandContext {
  return { actor: user(role), now, ...(note === undefined ? {} : { note }) }
}

export function device(id: string, patch: Partial<Device> = {}): Device {
  return {
    id,
    type: 'streetlight',
    site: 'east',
    grid: 'grid-1',
    building: null,
    home: null,
    circuit: 'c1',
    gateway: null,
    name: null,
    place: text(`place of ${id}`),
    latitude: null,
    longitude: null,
    meta: {},
    ...patch,
  }
}

const eastSite: Site = {
  id: 'east',
  name: text('East'),
  timeZone: 'Asia/Shanghai',
  latitude: 31.2,
  longitude: 121.5,
}

/** A directory of the devices named, one site (`east`) and the crews given. */
export function directoryOf(devices: readonly Device[], crews: readonly Crew[] = []): Directory {
  return {
    device: (id) => devices.find((one) => one.id === id),
    home: () => undefined,
    site: (id) => (id === eastSite.id ? eastSite : undefined),
    crew: (id) => crews.find((one) => one.id === id),
    devices: () => devices,
    sites: () => [eastSite],
    grids: () => [],
    crews: () => crews,
  }
}

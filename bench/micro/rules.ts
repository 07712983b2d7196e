/**
 * Readings per second that the whole shipped library evaluates on one core, by kind of community, in order and with
 * late readings: `node bench/micro/rules.ts [readings]`.
 */
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import type { Device } from '../../model/ports/directory.ts'
import { createEngine } from '../../rules/engine/engine.ts'
import { libraryFolder, readRuleFolder } from '../../rules/library/read.ts'
import { compiled, device, directoryOf, midnight } from '../../rules/testing/community.ts'

const total = Number(process.argv[2] ?? 1_000_000)
const rules = compiled(readRuleFolder(libraryFolder))

function community(lifts: number, lamps: number, bins: number, homes: number): Device[] {
  const many = (count: number, make: (index: number) => Device) =>
    Array.from({ length: count }, (_, i) => make(i))
  return [
    ...many(lifts, (i) => device(`lift${i}`, 'elevator')),
    ...many(lamps, (i) =>
      device(`lamp${i}`, 'streetlight', { circuit: `c${Math.floor(i / 12)}`, meta: { powerRating: 60 } }),
    ),
    ...many(bins, (i) => device(`bin${i}`, 'bin')),
    ...many(homes, (i) => device(`front${i}`, 'door', { home: `h${i}`, meta: { role: 'entrance' } })),
    ...many(homes, (i) => device(`hall${i}`, 'motion', { home: `h${i}`, meta: { role: 'movement' } })),
  ]
}

/** A normal reading with changing values; about one in a hundred is a fault. */
function valuesOf(type: string, n: number): DeviceEntry['values'] {
  const fault = n % 101 === 0
  if (type === 'elevator') {
    return {
      carMode: 'normal',
      carDriveStatus: n % 3 ? 'stationary' : 'rated-speed',
      carMovingDirection: 'up',
      carPosition: n % 20,
      carDoorZone: n % 3 !== 0,
      carDoorStatus: n % 4 ? 'closed' : 'opened',
      passengerPresence: n % 5 === 0,
      passengerAlarm: fault,
      carLoad: n % 90,
      carSpeed: n % 4 === 0 ? 0 : (n % 25) / 10,
      levellingError: n % 7,
      motorTemperature: 40 + (n % 11),
      vibrationRms: 1 + (n % 5) / 10,
    }
  }
  if (type === 'streetlight') {
    return {
      powerState: 'on',
      illuminanceLevel: 0.6,
      powerConsumption: fault ? 0 : 34 + (n % 40) / 10,
      voltage: 229 + (n % 10) / 10,
      current: 0.2,
      powerFactor: 0.96,
      activeEnergy: 1000 + n / 100,
    }
  }
  if (type === 'bin')
    return {
      fillingLevel: Math.floor((n / 40_000) % 90) / 100,
      temperature: 15 + (n % 9),
      batteryLevel: 0.8,
      position: 'normal',
    }
  if (type === 'door') return { contact: n % 2 === 0, openCount: n, batteryLevel: 0.9 }
  return { occupancy: n % 2 === 0, illuminance: n % 300, batteryLevel: 0.7 }
}

/** All entries are created before the measurement starts. */
function entriesOf(devices: readonly Device[], late: boolean): Journaled<DeviceEntry>[] {
  const perSecond = Math.max(1, Math.floor(devices.length / 10))
  return Array.from({ length: total }, (_, seq) => {
    const one = devices[seq % devices.length] as Device
    const receivedAt = midnight + Math.floor((seq * 1000) / perSecond)
    const ts = late && seq % 50 === 0 ? receivedAt - 45_000 : receivedAt - 20
    const values = valuesOf(one.type, seq + Math.floor(seq / devices.length))
    return {
      kind: 'telemetry',
      site: one.site,
      type: one.type,
      device: one.id,
      ts,
      receivedAt,
      quality: 'live',
      messageSeq: seq,
      values,
      seq: seq + 1,
    }
  })
}

function measure(name: string, devices: readonly Device[], late: boolean): void {
  const entries = entriesOf(devices, late)
  const engine = createEngine({ rules, directory: directoryOf(devices) })
  let findings = 0
  const begun = process.hrtime.bigint()
  const cpu = process.cpuUsage()
  for (const entry of entries) findings += engine.apply(entry).length
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9
  const { user, system } = process.cpuUsage(cpu)
  const perCpuSecond = Math.round((total * 1e6) / (user + system)).toLocaleString('en')
  const snapshotBegun = process.hrtime.bigint()
  const bytes = [...engine.snapshot().values()].reduce((sum, row) => sum + (row?.length ?? 0), 0)
  const snapshotMs = Number(process.hrtime.bigint() - snapshotBegun) / 1e6
  const perSecond = Math.round(total / seconds).toLocaleString('en')
  const { failures } = engine.stats()
  process.stdout.write(
    `${name}: ${perSecond} readings/s (${perCpuSecond} a CPU second), ${findings} findings, snapshot of all ${(bytes / 1e6).toFixed(1)} MB in ` +
      `${snapshotMs.toFixed(0)} ms${failures.length > 0 ? `, ${failures.length} FAILURES` : ''}\n`,
  )
}

measure('mixed, 2,000 devices', community(100, 1000, 300, 300), false)
measure('mixed, 2,000 devices, 2 % late', community(100, 1000, 300, 300), true)
measure('mixed, 10,000 devices', community(500, 5000, 1500, 1500), false)
measure('lifts only, 500', community(500, 0, 0, 0), false)
measure('lamps only, 2,000', community(0, 2000, 0, 0), false)
measure('bins only, 2,000', community(0, 0, 2000, 0), false)

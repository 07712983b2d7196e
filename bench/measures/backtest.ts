/** Readings per second that the shipped rules evaluate, over a log in memory with six device types. */

import { loadRules } from '../../app/files.ts'
import { buildDirectory } from '../../community/directory.ts'
import { communityFile } from '../../model/community-file.ts'
import type { DeviceEntry } from '../../model/entry.ts'
import { backtest as run } from '../../rules/backtest/backtest.ts'
import { communityOf, type FleetDevice, fleet } from '../fleet.ts'
import { type Measure, median, rounded } from '../measure.ts'

const DEVICES = 1200
const START = Date.UTC(2026, 2, 1)
const EVERY_MS = 60_000

function* logOf(devices: readonly FleetDevice[], readings: number): Iterable<DeviceEntry> {
  for (let n = 0; n < readings; n++) {
    const device = devices[n % devices.length] as FleetDevice
    const turn = Math.floor(n / devices.length)
    const ts = START + turn * EVERY_MS + (n % devices.length) * 10
    yield {
      kind: 'telemetry',
      site: device.site,
      type: device.type,
      device: device.id,
      receivedAt: ts + 20,
      ts,
      quality: 'live',
      messageSeq: turn,
      values: device.variants[turn % device.variants.length] ?? {},
    }
  }
}

export const backtest: Measure = {
  name: 'backtest',
  title: 'readings evaluated in a backtest',
  async run({ quick }) {
    const readings = quick ? 120_000 : 600_000
    const devices = fleet(DEVICES)
    const directory = buildDirectory(communityFile.parse(communityOf(devices)))
    const rules = loadRules(null)
    const rates: number[] = []
    for (let round = 0; round < 3; round++) {
      const entries = [...logOf(devices, readings)]
      const begun = performance.now()
      const { stats } = run({ rules, directory, entries })
      rates.push(readings / ((performance.now() - begun) / 1000))
      if (stats.entries !== readings)
        throw new Error(`${stats.entries} of ${readings} readings were evaluated`)
    }
    return {
      tables: [
        {
          title: `Backtest (${rules.list.length} shipped rules, ${DEVICES} devices of six types)`,
          columns: ['readings', 'readings/s'],
          rows: [[readings, rounded(median(rates))]],
        },
      ],
      goals: [
        {
          name: 'readings evaluated in a backtest',
          value: median(rates),
          unit: '/s',
          bound: { atLeast: 400_000 },
        },
      ],
      skipped: [],
    }
  },
}

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DeviceType, Field } from '../../../model/device-type.ts'
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts'
import type { DeviceRow } from '../batch.ts'
import { openDuckDbHistory } from './open.ts'

const label = { zh: '值', en: 'value' }
const number = { kind: 'number', unit: '1', min: 0, max: 10, label } as const satisfies Field
const truth = { kind: 'boolean', label } as const satisfies Field

const typesWith = (telemetry: DeviceType['telemetry']) => {
  const kiosk: DeviceType = { type: 'kiosk', label, power: 'mains', telemetry, meta: {}, events: {} }
  return new Map([[kiosk.type, kiosk]])
}
const row = (seq: number, values: DeviceRow['values']): DeviceRow => {
  const place = { site: 's', type: 'kiosk', device: 'k', receivedAt: seq, ts: seq }
  return { kind: 'telemetry', ...place, quality: 'live', values, seq }
}
const span = { device: 'k', type: 'kiosk', from: 0, to: 100 }

describe('a changed model', () => {
  test('a new field gets a column; a removed field keeps its data until it returns', async () => {
    const path = join(temporaryFolder(), 'history.duckdb')
    const before = await openDuckDbHistory({ path, types: typesWith({ level: number }) })
    await before.write([row(1, { level: 1 })], 1)
    await before.close()

    const after = await openDuckDbHistory({ path, types: typesWith({ open: truth, 'odd "name"': number }) })
    await after.write([row(2, { open: true, 'odd "name"': 4 })], 2)
    expect(await after.query({ ...span, field: 'open' })).toEqual([{ at: 2, value: true }])
    expect(await after.query({ ...span, field: 'odd "name"' })).toEqual([{ at: 2, value: 4 }])
    expect(await after.query({ ...span, field: 'level' })).toEqual([])
    expect(await after.count({ type: 'kiosk' })).toBe(2)
    await after.close()

    const again = await openDuckDbHistory({ path, types: typesWith({ open: truth, level: number }) })
    expect(await again.query({ ...span, field: 'level' })).toEqual([{ at: 1, value: 1 }])
    await again.close()
  })

  test('a field of another kind is refused, and the file stays unchanged', async () => {
    const path = join(temporaryFolder(), 'history.duckdb')
    const before = await openDuckDbHistory({ path, types: typesWith({ level: number }) })
    await before.write([row(1, { level: 1 })], 1)
    await before.close()
    await expect(openDuckDbHistory({ path, types: typesWith({ level: truth }) })).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
      message: expect.stringContaining('kiosk.level'),
    })
    const again = await openDuckDbHistory({ path, types: typesWith({ level: number }) })
    expect(await again.count({ type: 'kiosk' })).toBe(1)
    await again.close()
  })

  test('two field names that differ only in case are refused', async () => {
    const types = typesWith({ level: number, Level: number })
    await expect(openDuckDbHistory({ path: ':memory:', types })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
    await expect(
      openDuckDbHistory({ path: ':memory:', types: typesWith({ seq: number }) }),
    ).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})

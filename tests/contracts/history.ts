/** What every history engine must do; run against each of them by `history.test.ts`. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DeviceType, FieldValue, FieldValues } from '../../model/device-type.ts'
import { deviceTypes } from '../../model/devices/table.ts'
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import type { History, HistoryPoint } from '../../model/ports/history.ts'

/** A place of its own for one test: opened, closed and opened again it is the same history. */
export interface HistoryPlace {
  open(): Promise<History>
  dispose(): Promise<void>
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** 2026-03-01T00:00:00Z, a whole hour. */
const T0 = 1_772_323_200_000

export function reading(seq: number, ts: number, values: FieldValues, more: Partial<DeviceEntry> = {}) {
  return {
    kind: 'telemetry',
    site: 'north',
    type: 'elevator',
    device: 'lift-1',
    receivedAt: ts + 50,
    ts,
    quality: 'live',
    messageSeq: seq,
    values,
    seq,
    ...more,
  } satisfies Journaled<DeviceEntry>
}

const speeds = (values: readonly number[], from = T0, step = 1000) =>
  values.map((carSpeed, index) => reading(index + 1, from + index * step, { carSpeed }))

/** A value of each field. */
const sampleOf = ({ telemetry }: DeviceType): FieldValues =>
  Object.fromEntries(
    Object.entries(telemetry).flatMap(([name, field]): [string, FieldValue][] => {
      if (field.kind === 'number') return [[name, field.max]]
      if (field.kind === 'boolean') return [[name, true]]
      return field.kind === 'enum' ? [[name, field.values[0] ?? '']] : []
    }),
  )

const valuesOf = (points: readonly HistoryPoint[]) => points.map((point) => point.value)

export function historyContract(name: string, createPlace: () => Promise<HistoryPlace>): void {
  describe(`history on ${name}`, () => {
    let place: HistoryPlace
    let history: History

    beforeEach(async () => {
      place = await createPlace()
      history = await place.open()
    })
    afterEach(async () => {
      await history.close()
      await place.dispose()
    })

    const reopen = async () => {
      await history.close()
      history = await place.open()
    }
    const lift = (field: string, more: object = {}) =>
      history.query({ device: 'lift-1', type: 'elevator', field, from: T0, to: T0 + DAY, ...more })
    const write = (entries: readonly Journaled<DeviceEntry>[]) =>
      history.write(entries, entries.at(-1)?.seq ?? 0)

    describe('writing', () => {
      test('an empty history answers with nothing', async () => {
        expect(await history.cursor()).toBe(0)
        expect(await history.count({ type: 'elevator' })).toBe(0)
        expect(await lift('carSpeed')).toEqual([])
        await history.rollUp(T0)
        await history.prune({ rawDays: 1, hourlyDays: 2 }, T0)
      })

      test('every kind of value comes back as it was, in order of event time', async () => {
        await write([
          reading(1, T0 + 3000, { carSpeed: -1.75, passengerPresence: false, carDoorStatus: 'closed' }),
          reading(2, T0 + 1000, { carSpeed: 0.1, passengerPresence: true, carDoorStatus: 'door-fault' }),
          reading(3, T0 + 2000, { faultSignals: ['position-lost', 'start-failure'], carPosition: -2 }),
          reading(4, T0 + 4000, { faultSignals: [], tripCount: 1e12 }),
        ])
        expect(await lift('carSpeed')).toEqual([
          { at: T0 + 1000, value: 0.1 },
          { at: T0 + 3000, value: -1.75 },
        ])
        expect(valuesOf(await lift('passengerPresence'))).toEqual([true, false])
        expect(valuesOf(await lift('carDoorStatus'))).toEqual(['door-fault', 'closed'])
        expect(valuesOf(await lift('faultSignals'))).toEqual(['position-lost,start-failure', ''])
        expect(valuesOf(await lift('carPosition'))).toEqual([-2])
        expect(valuesOf(await lift('tripCount'))).toEqual([1e12])
        expect(await history.count({ type: 'elevator' })).toBe(4)
      })

      test('the span is from inclusive to exclusive', async () => {
        await write(speeds([1, 2, 3, 4]))
        expect(valuesOf(await lift('carSpeed', { from: T0 + 1000, to: T0 + 3000 }))).toEqual([2, 3])
        expect(await lift('carSpeed', { from: T0 + 3000, to: T0 + 1000 })).toEqual([])
      })

      test('two readings of one millisecond are both kept, in their order', async () => {
        await write([reading(1, T0, { carSpeed: 1 }), reading(2, T0, { carSpeed: 2 })])
        expect(valuesOf(await lift('carSpeed'))).toEqual([1, 2])
        expect(await history.count({ type: 'elevator', device: 'lift-1' })).toBe(2)
        expect(valuesOf(await lift('carSpeed', { bucket: HOUR }))).toEqual([1.5])
      })

      test('writing the same again, or a part of it with more, changes nothing twice', async () => {
        const entries = speeds([1, 2, 3, 4, 5])
        await history.write(entries.slice(0, 3), 3)
        await history.write(entries.slice(0, 3), 3)
        await history.write(entries.slice(1, 5), 5)
        expect(await history.cursor()).toBe(5)
        expect(valuesOf(await lift('carSpeed'))).toEqual([1, 2, 3, 4, 5])
        expect(await history.count({ type: 'elevator' })).toBe(5)
      })

      test('entries that cannot be read to their end: nothing is stored, and the next write stores each once', async () => {
        function* broken() {
          yield* speeds([1, 2])
          throw new LinliError('STORAGE_CORRUPT', 'a line of the journal is damaged')
        }
        await expect(history.write(broken(), 3)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
        expect(await history.cursor()).toBe(0)
        await history.write(speeds([1, 2, 3]), 3)
        expect(valuesOf(await lift('carSpeed'))).toEqual([1, 2, 3])
        expect(await history.count({ type: 'elevator' })).toBe(3)
      })

      test('a cursor does not go back', async () => {
        await history.write(speeds([1, 2]), 9)
        expect(await history.write([], 3)).toEqual({ refused: 0 })
        expect(await history.cursor()).toBe(9)
      })

      test('the cursor moves over entries that are not for the history', async () => {
        await history.write([], 7)
        expect(await history.cursor()).toBe(7)
        await reopen()
        expect(await history.cursor()).toBe(7)
      })

      test('readings and cursor survive a restart, and writing goes on', async () => {
        await history.write(speeds([1, 2]), 2)
        await reopen()
        expect(await history.cursor()).toBe(2)
        await history.write(speeds([1, 2, 3]), 3)
        expect(valuesOf(await lift('carSpeed'))).toEqual([1, 2, 3])
        expect(await history.count({ type: 'elevator' })).toBe(3)
      })

      test('readings of several types and devices in one write stay apart', async () => {
        const lamp = { type: 'streetlight', device: 'lamp-1' } as const
        await write([
          reading(1, T0, { carSpeed: 1 }),
          reading(2, T0, { powerConsumption: 60, powerState: 'on' }, lamp),
          reading(3, T0, { carSpeed: 3 }, { device: 'lift-2' }),
          reading(4, T0, { state: 'offline' }, { kind: 'status' }),
          reading(5, T0, { type: 'sos', note: 'a "quoted", \\ and\nbroken = text' }, { kind: 'event' }),
          reading(6, T0, { ratedLoad: 630, registrationNo: 'R 1' }, { kind: 'meta' }),
        ])
        expect(await history.count({ type: 'elevator' })).toBe(2)
        expect(await history.count({ type: 'elevator', device: 'lift-2' })).toBe(1)
        expect(await history.count({ type: 'streetlight' })).toBe(1)
        expect(valuesOf(await lift('carSpeed'))).toEqual([1])
        const state = await lift('powerState', lamp)
        expect(valuesOf(state)).toEqual(['on'])
      })

      test('every field of every device type comes back, plain and in buckets, whatever its name', async () => {
        const entries = [...deviceTypes.values()].map((type, index) =>
          reading(index + 1, T0, sampleOf(type), { type: type.type, device: type.type }),
        )
        await write(entries)
        for (const { type, values } of entries) {
          for (const [field, value] of Object.entries<FieldValue>(values)) {
            const one = { device: type, type, field, from: T0, to: T0 + DAY }
            expect(valuesOf(await history.query(one)), `${type}.${field}`).toEqual([value])
            expect((await history.query({ ...one, bucket: HOUR })).length, `${type}.${field}`).toBe(1)
          }
        }
      })

      test('an entry that cannot be stored is counted, its neighbours are kept', async () => {
        const entries = [
          reading(1, T0, { carSpeed: 1 }),
          reading(2, T0 + 1000, { carSpeed: 2 }, { type: 'submarine' }),
          reading(3, 9e18, { carSpeed: 3 }),
          reading(4, T0 + 3000, { carSpeed: 'fast', carLoad: 40 }),
          reading(5, T0 + 4000, { carSpeed: 5 }),
        ]
        expect(await write(entries)).toEqual({ refused: 3 })
        expect(await history.cursor()).toBe(5)
        expect(valuesOf(await lift('carSpeed'))).toEqual([1, 5])
        expect(valuesOf(await lift('carLoad'))).toEqual([40])
      })

      test('a large batch over many devices and hours is stored whole', async () => {
        const entries = Array.from({ length: 12_000 }, (_, index) =>
          reading(
            index + 1,
            T0 + (index % 7) * HOUR + index,
            { carSpeed: index },
            { device: `lift-${index % 40}` },
          ),
        )
        await write(entries)
        expect(await history.count({ type: 'elevator' })).toBe(12_000)
        expect(await history.count({ type: 'elevator', device: 'lift-7' })).toBe(300)
      })
    })

    describe('reading', () => {
      test('the newest points are kept when there are more than asked for', async () => {
        await write(speeds([1, 2, 3, 4, 5]))
        expect(valuesOf(await lift('carSpeed', { limit: 2 }))).toEqual([4, 5])
        expect(valuesOf(await lift('carSpeed', { limit: 2, bucket: 1000 }))).toEqual([4, 5])
      })

      test('unknown device, type or field, and names made to break out, answer with nothing', async () => {
        await write(speeds([1, 2]))
        const names = ['', 'x', "' OR '1'='1", 'lift-1"; DROP', 'a\nb', 'lift-1\\', '__proto__', 'seq', 'ts']
        for (const name of names) {
          expect(await lift(name)).toEqual([])
          expect(await lift('carSpeed', { device: name })).toEqual([])
          expect(await lift('carSpeed', { device: name, bucket: 1000 })).toEqual([])
          expect(await lift('carSpeed', { type: name })).toEqual([])
          expect(await history.count({ type: name })).toBe(0)
          expect(await history.count({ type: 'elevator', device: name })).toBe(0)
        }
        expect(await history.count({ type: 'elevator' })).toBe(2)
      })

      test('a bucket must be a positive number of milliseconds', async () => {
        for (const bucket of [0, -1, 1.5, Number.NaN])
          await expect(lift('carSpeed', { bucket })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
      })

      test('buckets of numbers tell mean, least, greatest and count; empty ones are absent', async () => {
        await write([
          reading(1, T0 + 59_999, { carSpeed: 3 }),
          reading(2, T0, { carSpeed: 1 }),
          reading(3, T0 + 180_000, { carSpeed: -4 }),
        ])
        expect(await lift('carSpeed', { bucket: 60_000 })).toEqual([
          { at: T0, value: 2, min: 1, max: 3, count: 2 },
          { at: T0 + 180_000, value: -4, min: -4, max: -4, count: 1 },
        ])
      })

      test('buckets of words and truth values tell the last one', async () => {
        await write([
          reading(1, T0 + 2000, { carDoorStatus: 'closed', passengerPresence: true }),
          reading(2, T0 + 1000, { carDoorStatus: 'opened', passengerPresence: false }),
          reading(3, T0 + HOUR, { carDoorStatus: 'closing' }),
        ])
        expect(await lift('carDoorStatus', { bucket: HOUR })).toEqual([
          { at: T0, value: 'closed' },
          { at: T0 + HOUR, value: 'closing' },
        ])
        expect(await lift('passengerPresence', { bucket: HOUR })).toEqual([{ at: T0, value: true }])
      })

      test('buckets of a counter tell its increase, across buckets and over a reset', async () => {
        const trips = [10, 14, 15, 2, 5].map((tripCount, index) =>
          reading(index + 1, T0 + index * 40_000, { tripCount }),
        )
        await write(trips)
        const points = await lift('tripCount', { bucket: 60_000 })
        // 0-60 s: 10, 14; 60-120 s: 15; 120-180 s: 2 (reset), 5 at 160 s.
        expect(points.map((point) => point.increase)).toEqual([4, 1, 3])
      })

      test('any readings in any order give the buckets that plain arithmetic gives', async () => {
        await fc.assert(
          fc.asyncProperty(readingsOfOneDevice, fc.constantFrom(1000, 60_000, HOUR), async (rows, bucket) => {
            const run = await createPlace()
            const own = await run.open()
            try {
              const entries = rows.map(([offset, carLoad], index) =>
                reading(index + 1, T0 + offset, { carLoad }),
              )
              for (let start = 0; start < entries.length; start += 7) {
                const part = entries.slice(start, start + 7)
                await own.write(part, part.at(-1)?.seq ?? 0)
              }
              const span = { device: 'lift-1', type: 'elevator', field: 'carLoad', from: T0, to: T0 + DAY }
              const found = await own.query({ ...span, bucket })
              expectBuckets(found, rows, bucket)
              expect(valuesOf(await own.query(span))).toEqual(sorted(rows).map(([, value]) => value))
            } finally {
              await own.close()
              await run.dispose()
            }
          }),
          { numRuns: 8 },
        )
      })
    })

    describe('roll-ups and retention', () => {
      const twoHours = () => [
        reading(1, T0 + 1000, { carSpeed: 1, carDoorStatus: 'opened', passengerPresence: true }),
        reading(2, T0 + 2000, { carSpeed: 5, carDoorStatus: 'closed', passengerPresence: false }),
        reading(3, T0 + HOUR + 1000, { carSpeed: 7, tripCount: 100 }),
        reading(4, T0 + HOUR + 2000, { carSpeed: 8, tripCount: 104 }),
        reading(5, T0 + 2 * HOUR, { carSpeed: 9, tripCount: 110 }),
      ]
      const retention = { rawDays: 3, hourlyDays: 300 }
      /** The time at which everything before `ts` has just become too old to be kept raw. */
      const whenPruned = (ts: number) => ts + retention.rawDays * DAY

      test('pruned readings are gone, whole hours are answered from the roll-ups as before', async () => {
        await write(twoHours())
        const hourly = { bucket: HOUR }
        const before = {
          speed: await lift('carSpeed', hourly),
          door: await lift('carDoorStatus', hourly),
          presence: await lift('passengerPresence', hourly),
          trips: await lift('tripCount', hourly),
          day: await lift('carSpeed', { bucket: DAY }),
        }
        expect(before.trips.map((point) => point.increase)).toEqual([4, 6])
        await history.prune(retention, whenPruned(T0 + 2 * HOUR))
        await reopen()
        expect(valuesOf(await lift('carSpeed'))).toEqual([9])
        expect(await lift('carSpeed', hourly)).toEqual(before.speed)
        expect(await lift('carDoorStatus', hourly)).toEqual(before.door)
        expect(await lift('passengerPresence', hourly)).toEqual(before.presence)
        expect(await lift('tripCount', hourly)).toEqual(before.trips)
        expect(await lift('carSpeed', { bucket: DAY })).toEqual(before.day)
        expect(await lift('carSpeed', { bucket: 60_000 })).toHaveLength(1)
      })

      test('late data is rolled up again, also after a restart', async () => {
        await write(twoHours())
        await history.rollUp(T0 + 5 * HOUR)
        await history.write([reading(6, T0 + 500, { carSpeed: 60 })], 6)
        await reopen()
        await history.rollUp(T0 + 6 * HOUR)
        await history.write([reading(7, T0 + 700, { carSpeed: 54 })], 7)
        await history.prune(retention, whenPruned(T0 + DAY))
        expect(await history.count({ type: 'elevator' })).toBe(0)
        expect((await lift('carSpeed', { bucket: HOUR }))[0]).toEqual({
          at: T0,
          value: 30,
          min: 1,
          max: 60,
          count: 4,
        })
      })

      test('data later than the retention does not spoil the roll-up of its hour', async () => {
        await write(twoHours())
        await history.prune(retention, whenPruned(T0 + DAY))
        const before = await lift('carSpeed', { bucket: HOUR })
        const late = { quality: 'late' } as const
        await history.write(
          [
            reading(6, T0 + 500, { carSpeed: 60 }, late),
            reading(7, T0 + 500, { carSpeed: 3 }, { ...late, device: 'lift-2' }),
          ],
          7,
        )
        await history.prune(retention, whenPruned(T0 + DAY))
        expect(await history.count({ type: 'elevator' })).toBe(0)
        expect(await lift('carSpeed', { bucket: HOUR })).toEqual(before)
        expect(valuesOf(await lift('carSpeed', { device: 'lift-2', bucket: HOUR }))).toEqual([3])
      })

      test('roll-ups are pruned in their turn', async () => {
        await write(twoHours())
        await history.prune(retention, whenPruned(T0 + DAY))
        expect(await lift('carSpeed', { bucket: HOUR })).toHaveLength(3)
        await history.prune({ rawDays: 1, hourlyDays: 2 }, T0 + HOUR + 2 * DAY)
        expect(valuesOf(await lift('carSpeed', { bucket: HOUR }))).toEqual([7.5, 9])
      })

      test('an hour that is not over is left for later', async () => {
        await write(twoHours())
        await history.rollUp(T0 + 2 * HOUR + 1)
        await history.write([reading(6, T0 + 2 * HOUR + 5000, { carSpeed: 11 })], 6)
        await history.prune(retention, whenPruned(T0 + DAY))
        expect(valuesOf(await lift('carSpeed', { bucket: HOUR }))).toEqual([3, 7.5, 10])
      })
    })
  })
}

/** Offsets may repeat: then the order of arrival decides. */
const readingsOfOneDevice = fc.array(fc.tuple(fc.nat({ max: 3 * HOUR }), fc.integer({ min: 0, max: 200 })), {
  minLength: 1,
  maxLength: 40,
})

type Row = readonly [offset: number, value: number]

function sorted(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => a[0] - b[0])
}

function expectBuckets(found: readonly HistoryPoint[], rows: readonly Row[], bucket: number): void {
  const groups = Map.groupBy(sorted(rows), ([offset]) => Math.floor((T0 + offset) / bucket) * bucket)
  expect(found.map((point) => point.at)).toEqual([...groups.keys()])
  for (const point of found) {
    const values = groups.get(point.at)?.map(([, value]) => value) ?? []
    expect(point.value).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 9)
    expect(point).toMatchObject({
      min: Math.min(...values),
      max: Math.max(...values),
      count: values.length,
    })
  }
}

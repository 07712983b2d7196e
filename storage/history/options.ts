/** Settings of the history: engine, connection, retention. */
import { z } from 'zod'

const duckdb = z.strictObject({
  threads: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Threads of the embedded database; more draw charts faster and make writing more expensive'),
  memoryMb: z.int().min(64).max(65_536).default(256).describe('Memory of the embedded database, MiB'),
})

const influxdb = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of InfluxDB, e.g. http://localhost:8086'),
  org: z.string().min(1).default('linli').describe('Organisation; InfluxDB 1.8 ignores it'),
  bucket: z.string().min(1).optional().describe('Bucket; InfluxDB 1.8: database/retention-policy'),
  token: z.string().min(1).optional().describe('Token; InfluxDB 1.8: user:password'),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,64}$/, 'letters, digits, _ and - only')
    .default('')
    .describe('Prefix of every measurement, so that several hubs can share a bucket'),
  timeoutMs: z.int().min(1000).max(600_000).default(10_000).describe('Timeout of a request, ms'),
  gzip: z.boolean().default(false).describe('Compress writes: less network, more CPU'),
})

export const historyOptions = z
  .strictObject({
    engine: z.enum(['duckdb', 'influxdb']).default('duckdb').describe('duckdb is embedded'),
    rawDays: z.int().min(1).max(36_500).default(400).describe('Days that every reading is kept'),
    hourlyDays: z
      .int()
      .min(1)
      .max(36_500)
      .default(3650)
      .describe('Days that hourly roll-ups, events and status changes are kept'),
    duckdb: duckdb.prefault({}),
    influxdb: influxdb.prefault({}),
  })
  .superRefine((value, context) => {
    if (value.hourlyDays < value.rawDays)
      context.addIssue({ code: 'custom', path: ['hourlyDays'], message: 'must not be less than rawDays' })
    if (value.engine !== 'influxdb') return
    for (const key of ['url', 'bucket', 'token'] as const) {
      if (value.influxdb[key] === undefined)
        context.addIssue({ code: 'custom', path: ['influxdb', key], message: 'is required for this engine' })
    }
  })

export type HistoryOptions = z.infer<typeof historyOptions>

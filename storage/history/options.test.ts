import { expect, test } from 'vitest'
import { historyOptions } from './options.ts'

test('the default is the embedded engine', () => {
  expect(historyOptions.parse({})).toMatchObject({ engine: 'duckdb', rawDays: 400, hourlyDays: 3650 })
})

test.each([
  [{ engine: 'influxdb' }, ['influxdb.url', 'influxdb.bucket', 'influxdb.token']],
  [{ engine: 'influxdb', influxdb: { url: 'ftp://x', bucket: 'b', token: 't' } }, ['influxdb.url']],
  [{ rawDays: 30, hourlyDays: 7 }, ['hourlyDays']],
  [{ engine: 'csv' }, ['engine']],
  [{ influxdb: { prefix: 'a b' } }, ['influxdb.prefix']],
])('%j is refused', (value, paths) => {
  const checked = historyOptions.safeParse(value)
  expect(checked.error?.issues.map((issue) => issue.path.join('.'))).toEqual(paths)
})

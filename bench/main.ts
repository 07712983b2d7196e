/** `npm run bench`: measures the hub and its peers in one run. `-- --quick | --json | --only NAME | --write-docs` */
import { writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { InfluxSettings, Result } from './measure.ts'
import { measures } from './measures/table.ts'
import { figuresPage, goalTable, mergeResults, plainText } from './report.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    'write-docs': { type: 'boolean', default: false },
  },
})

function influxSettings(): InfluxSettings | undefined {
  const { LINLI_TEST_INFLUX_URL: url, LINLI_TEST_INFLUX_ORG: org = '-' } = process.env
  const { LINLI_TEST_INFLUX_BUCKET: bucket, LINLI_TEST_INFLUX_TOKEN: token } = process.env
  return url && bucket && token ? { url, org, bucket, token } : undefined
}

const unknown = options.only?.filter((name) => !measures.some((measure) => measure.name === name)) ?? []
if (unknown.length > 0) {
  console.error(
    `unknown measure ${unknown.join(', ')}; known: ${measures.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}

const loadNow = (): number => loadavg()[0] ?? Number.NaN
const before = {
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  node: process.version.slice(1),
  loadBefore: loadNow(),
}
const progress = (line: string): void => console.error(line)
const results: Result[] = []
for (const measure of measures) {
  if (options.only && !options.only.includes(measure.name)) continue
  progress(`${measure.name}: ${measure.title}`)
  try {
    results.push(await measure.run({ quick: options.quick, progress, influx: influxSettings() }))
  } catch (error) {
    // A failed measure must not lose the figures of the others.
    console.error(error)
    process.exitCode = 1
    results.push({ tables: [], goals: [], skipped: [`${measure.name} failed: ${String(error)}`] })
  }
}
const result = mergeResults(results)
const machine = { ...before, loadAfter: loadNow() }
if (options.json) console.log(JSON.stringify({ machine, ...result }))
else {
  for (const table of [...result.tables, goalTable(result.goals)]) console.log(`\n${plainText(table)}`)
  for (const line of result.skipped) console.log(`\nskipped: ${line}`)
}
if (options['write-docs']) {
  writeFileSync(join(import.meta.dirname, '../docs/figures.md'), figuresPage(result, machine))
}

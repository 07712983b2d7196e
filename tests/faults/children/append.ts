/** A process that appends numbered readings and tells what became of each: `append.ts <journal> <first number> <count> <at once>`. */
import { silentLogger } from '../../../model/ports/logger.ts'
import { noMetrics } from '../../../model/ports/metrics.ts'
import { openSqliteJournal } from '../../../storage/journal/sqlite-journal.ts'

const [path = '', first = '1', count = '1', atOnce = '1'] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : String(error)

const journal = await openSqliteJournal(
  { path, maxGroup: 64 },
  { logger: silentLogger, metrics: noMetrics },
).catch((error) => {
  say(`not opened ${codeOf(error)}`)
  process.exit(0)
})
say('opened')

let next = Number(first)
const end = next + Number(count)

/** Sends one after the other, whatever becomes of them. */
async function send(): Promise<void> {
  while (next < end) {
    const number = next++
    try {
      await journal.append({
        kind: 'telemetry',
        site: 'east',
        type: 'door',
        device: 'door-1',
        receivedAt: number,
        ts: number,
        quality: 'live',
        messageSeq: number,
        values: { open: true, note: 'x'.repeat(500) },
      })
      say(`stored ${number}`)
    } catch (error) {
      say(`failed ${number} ${codeOf(error)}`)
    }
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, send))
await journal.close().catch((error) => say(`not closed ${codeOf(error)}`))
say('done')

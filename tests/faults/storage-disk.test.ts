/** A disk that lies, fills up or breaks: fsync comes before the acknowledgement, and no fault loses or invents an entry. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { openJournalReader } from '../../storage/journal/reader.ts'
import { describeWith, requirements } from '../support/requires.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Run {
  /** Lines that the appending process said, in order. */
  readonly lines: readonly string[]
  readonly stored: readonly number[]
  readonly failed: readonly number[]
}

interface Appends {
  readonly path: string
  readonly first: number
  readonly count: number
  readonly atOnce: number
}

/** Appends in a process of its own, under strace with these options. */
async function append({ path, first, count, atOnce }: Appends, strace: readonly string[]): Promise<Run> {
  const script = join(import.meta.dirname, 'children', 'append.ts')
  const args = [process.execPath, script, path, first, count, atOnce].map(String)
  const running = spawn('strace', ['-f', '-qq', ...strace, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(running, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: running.stdout })) lines.push(line)
  await exited
  const numbers = (pattern: RegExp) =>
    lines.flatMap((line) => {
      const number = pattern.exec(line)?.[1]
      return number === undefined ? [] : [Number(number)]
    })
  return { lines, stored: numbers(/^stored (\d+)$/), failed: numbers(/^failed (\d+) JOURNAL_FAILED$/) }
}

const inject = (what: string): string[] => ['-o', '/dev/null', '-e', `inject=${what}`]
const normally = ['-o', '/dev/null', '-e', 'trace=none']

function numbersIn(path: string): number[] {
  const reader = openJournalReader(path)
  const entries = reader.read(0, Number.MAX_SAFE_INTEGER)
  reader.close()
  expect(entries.every((entry, i) => entry.seq === i + 1)).toBe(true)
  return entries.map((entry) => (entry.kind === 'tick' ? -1 : (entry.messageSeq ?? -1)))
}

/** Log events of one process, in order: written to the log, log brought to disk, acknowledged. */
function traceEvents(file: string): ('write' | 'sync' | 'ack')[] {
  const events: ('write' | 'sync' | 'ack')[] = []
  const syncing = new Set<string>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const thread = line.split(' ', 1)[0] ?? ''
    if (/ pwrite64\(\d+<[^>]*-wal>/.test(line)) events.push('write')
    else if (/ (fsync|fdatasync)\(\d+<[^>]*-wal>.*unfinished/.test(line)) syncing.add(thread)
    else if (/ (fsync|fdatasync)\(\d+<[^>]*-wal>\)\s*= 0/.test(line)) events.push('sync')
    else if (/<\.\.\. (fsync|fdatasync) resumed>.*= 0/.test(line) && syncing.delete(thread))
      events.push('sync')
    else if (/ write\(1<.*"stored \d+\\n"/.test(line)) events.push('ack')
  }
  return events
}

describeWith(requirements.strace(), 'the journal on a bad disk', () => {
  test('every acknowledgement comes after the fsync of its entry', async () => {
    const folder = temporaryFolder()
    const trace = join(folder, 'trace')
    const run = await append({ path: join(folder, 'journal.db'), first: 1, count: 30, atOnce: 1 }, [
      ...['-y', '-o', trace, '-e', 'trace=pwrite64,fsync,fdatasync,write'],
    ])
    expect(run.stored).toHaveLength(30)
    const events = traceEvents(trace)
    const acks = events.flatMap((event, i) => (event === 'ack' ? [i] : []))
    expect(acks).toHaveLength(30)
    let previous = -1
    for (const ack of acks) {
      const since = events.slice(previous + 1, ack)
      expect(since).toContain('write')
      expect(since.at(-1)).toBe('sync')
      previous = ack
    }
  })

  describe('fsync fails once', () => {
    // While the file is made, while it is opened, and while it is written.
    const cases = [
      ...[1, 2].map((when) => ({ file: 'journal.db.new', when })),
      { file: 'journal.db.new-journal', when: 2 },
      ...[1, 2].map((when) => ({ file: 'journal.db', when })),
      ...[1, 2, 3, 4, 6, 9].map((when) => ({ file: 'journal.db-wal', when })),
    ]
    for (const { file, when } of cases)
      test(`number ${when} of ${file}`, async () => {
        const folder = temporaryFolder()
        const path = join(folder, 'journal.db')
        const run = await append({ path, first: 1, count: 300, atOnce: 20 }, [
          ...['-P', join(folder, file)],
          ...inject(`fsync:error=EIO:when=${when}`),
        ])
        const opened = run.lines.includes('opened')
        if (!opened) expect(run.lines).toEqual(['not opened JOURNAL_FAILED'])
        // Nothing is acknowledged after a failed fsync, though the next one would "work".
        const firstFailure = run.lines.findIndex((line) => line.startsWith('failed'))
        if (file.endsWith('-wal')) expect(firstFailure).toBeGreaterThan(0)
        const after = firstFailure < 0 ? [] : run.lines.slice(firstFailure)
        expect(after.filter((line) => line.startsWith('stored'))).toEqual([])

        const again = await append({ path, first: 1_001, count: 20, atOnce: 5 }, normally)
        expect(again.stored).toHaveLength(20)
        const numbers = numbersIn(path)
        expect(new Set(numbers).size).toBe(numbers.length)
        expect(numbers).toEqual(expect.arrayContaining([...run.stored, ...again.stored]))
        // Whether the group of the failed fsync is on disk nobody can know; it was not acknowledged. No other may be.
        expect(numbers.length - run.stored.length - again.stored.length).toBeLessThanOrEqual(20)
      })
  })

  describe('the disk is full for a while', () => {
    for (const when of [1, 7, 14, 20, 30, 36, 45, 46, 47, 48, 50, 55, 64, 81])
      test(`from the ${when}th write on`, async () => {
        const path = join(temporaryFolder(), 'journal.db')
        const run = await append(
          { path, first: 1, count: 400, atOnce: 10 },
          inject(`pwrite64:error=ENOSPC:when=${when}..${when + 6}`),
        )
        if (run.lines.includes('opened')) {
          expect(run.stored.length + run.failed.length).toBe(400)
          expect(run.stored.length).toBeGreaterThan(200)
          expect(run.lines.at(-2)).toMatch(/^stored/)
          // What was refused is not there, what was acknowledged is: the device sends the rest again.
          expect(numbersIn(path).sort((a, b) => a - b)).toEqual([...run.stored].sort((a, b) => a - b))
        } else expect(run.lines).toEqual(['not opened JOURNAL_FAILED'])
        const again = await append({ path, first: 1_001, count: 10, atOnce: 5 }, normally)
        expect(again.stored).toHaveLength(10)
        expect(numbersIn(path)).toHaveLength(run.stored.length + 10)
      })

    test('a write that fails after opening is refused, not lost', async () => {
      const path = join(temporaryFolder(), 'journal.db')
      const run = await append(
        { path, first: 1, count: 400, atOnce: 10 },
        inject('pwrite64:error=ENOSPC:when=60..70'),
      )
      expect(run.failed.length).toBeGreaterThan(0)
      expect(run.stored.length).toBeGreaterThan(200)
    })
  })
})

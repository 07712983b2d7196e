/** Rule state written by a former version is continued: the same findings as if that version had gone on. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { buildDirectory } from '../../community/directory.ts'
import { type CommunityFileInput, communityFile } from '../../model/community-file.ts'
import type { Entry } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import { compileRules } from '../../rules/compile/compile-rules.ts'
import { createEngine, type Engine } from '../../rules/engine/engine.ts'
import { libraryFolder, readRuleFolder } from '../../rules/library/read.ts'

/**
 * 25 days of a simulated building with planned faults under all library rules, saved by the version before property names
 * of saved state changed; then the entries of the next day, and the findings which that version emitted for them.
 */
interface Recorded {
  /** Interval of the hub's ticks, ms. */
  readonly tick: number
  /** Hub time of the snapshot and of the end, ms. */
  readonly from: number
  readonly to: number
  /** Of the last entry before the snapshot. */
  readonly seq: number
  readonly community: CommunityFileInput
  readonly rows: Readonly<Record<string, string>>
  readonly entries: readonly Entry[]
  readonly findings: readonly Partial<Finding>[]
}

const fixture = new URL('../fixtures/former-rule-state/snapshot.json.gz', import.meta.url)
let recorded: Recorded
beforeAll(() => {
  recorded = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as Recorded
})

function restored(rows: ReadonlyMap<string, string>): Engine {
  const compiled = compileRules(readRuleFolder(libraryFolder))
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  const directory = buildDirectory(communityFile.parse(recorded.community))
  const engine = createEngine({ rules: compiled.rules, directory })
  engine.restore(rows, recorded.seq)
  return engine
}

/** Entries and ticks in the order in which the former version applied them. */
function* continued({ entries, tick, from, to }: Recorded): Generator<Entry> {
  let tickAt = Math.ceil(from / tick) * tick
  for (const entry of entries) {
    for (; tickAt <= entry.receivedAt; tickAt += tick) yield { kind: 'tick', receivedAt: tickAt }
    yield entry
  }
  for (; tickAt <= to; tickAt += tick) yield { kind: 'tick', receivedAt: tickAt }
}

function findingsOf(engine: Engine): unknown[] {
  let { seq } = recorded
  const found: unknown[] = []
  for (const entry of continued(recorded)) {
    seq += 1
    for (const finding of engine.apply({ ...entry, seq })) {
      const { episode, change, rule, severity, device, at, startedAt, raisedAt, ended } = finding
      found.push({ seq, episode, change, rule, severity, device, at, startedAt, raisedAt, ended })
    }
  }
  expect(engine.stats().failures).toEqual([])
  return found
}

test('the findings after the restart are those of the former version', () => {
  const { rows, findings } = recorded
  expect(findings.length).toBeGreaterThan(100)
  expect(findingsOf(restored(new Map(Object.entries(rows))))).toEqual(findings)
})

test('state saved again by this version is continued in the same way', () => {
  const rows = new Map(Object.entries(recorded.rows))
  for (const [key, text] of restored(rows).snapshot()) {
    if (text === null) rows.delete(key)
    else rows.set(key, text)
  }
  expect(findingsOf(restored(rows))).toEqual(recorded.findings)
})

/** A folder of its own for one test, removed after it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Only inside a running test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'linli-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

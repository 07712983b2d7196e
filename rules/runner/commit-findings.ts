/** Stores findings together with the cursor, in one transaction. */
import type { Finding } from '../../model/finding.ts'
import { type Context, rulesCursor, waitForRetry } from './context.ts'

/** Retries until stored: no entry is evaluated before earlier findings are safe. */
export async function commit(context: Context, findings: readonly Finding[]): Promise<void> {
  const { position } = context
  const stale = position.cursorDue && position.applied > position.committed
  if (findings.length > 0 || stale) await store(context, findings)
}

async function store(context: Context, findings: readonly Finding[]): Promise<void> {
  for (;;) {
    try {
      await storeOnce(context, findings)
      return
    } catch (error) {
      if (await waitForRetry(context, error, 'could not store findings, will retry')) throw error
    }
  }
}

async function storeOnce({ options, position }: Context, findings: readonly Finding[]): Promise<void> {
  const { records, onFindings, committed } = options
  const seq = Math.max(position.applied, position.published)
  await records.transaction(async (tx) => {
    if (findings.length > 0) await onFindings(tx, findings)
    await tx.cursors.set(rulesCursor, seq)
  })
  position.published = seq
  position.committed = seq
  position.cursorDue = false
  if (findings.length > 0) committed?.()
}

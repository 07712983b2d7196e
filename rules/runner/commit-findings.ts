/** What the rules found goes to disk together with the cursor. */
import type { Finding } from '../../model/finding.ts'
import { type Context, rulesCursor, waitAfter } from './context.ts'

/** Tries until it is stored: nothing is judged before what was found is safe. */
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
      if (await waitAfter(context, error, 'findings could not be stored')) throw error
    }
  }
}

async function storeOnce({ options, position }: Context, findings: readonly Finding[]): Promise<void> {
  const { records, onFindings, committed } = options
  const seq = Math.max(position.applied, position.told)
  await records.transaction(async (tx) => {
    if (findings.length > 0) await onFindings(tx, findings)
    await tx.cursors.set(rulesCursor, seq)
  })
  position.told = seq
  position.committed = seq
  position.cursorDue = false
  if (findings.length > 0) committed?.()
}

/** Keeps the list bounded: a device that fails and recovers all day is one line, not hundreds. */
import type { Alert } from '../model/alert.ts'
import { type Batch, byRules } from './batch.ts'
import { changed } from './step.ts'

/**
 * When the same condition is raised again at the same device, the line that was over and that nobody has looked at gives
 * way to the new one, which asks for attention in its place. Never where people may be concerned: those wait for a person.
 */
export async function supersede(batch: Batch, raised: Alert, now: number): Promise<void> {
  if (!isRoutine(raised)) return
  for (const former of [...(await batch.open()).values()]) {
    if (former.rule !== raised.rule || former.device !== raised.device || former.id === raised.id) continue
    if (former.condition === 'active' || former.retracted || !isRoutine(former)) continue
    const seen = { attention: 'acknowledged', acknowledgedAt: now, acknowledgedBy: byRules.actor } as const
    await batch.put(changed(former, 'superseded', seen), byRules)
  }
}

const isRoutine = ({ kind, severity }: Alert): boolean =>
  severity !== 'critical' && kind !== 'safety' && kind !== 'welfare'

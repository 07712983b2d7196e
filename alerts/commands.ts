/** Commands of people on alerts: permission, decision, storage. */
import type { Alert } from '../model/alert.ts'
import { LinliError } from '../model/errors.ts'
import type { AlertCommands, CommandContext } from '../model/ports/commands.ts'
import type { Records, RecordsTx } from '../model/ports/records.ts'
import { may, type Permission } from '../model/user.ts'
import { applyCommand } from './alert-list.ts'
import * as attention from './attention.ts'
import type { AlertOptions } from './options.ts'
import type { Decision } from './step.ts'
import { loadAlerts, storeChanges } from './store.ts'
import type { AlertChange } from './working-list.ts'

export interface AlertCommandsDeps {
  readonly records: Pick<Records, 'transaction'>
  /** Called with the changes of a command after its commit. */
  committed(changes: readonly AlertChange[]): unknown
}

const DAY_MS = 86_400_000

export function createAlertCommands(options: AlertOptions, deps: AlertCommandsDeps): AlertCommands {
  const graceMs = options.releaseGraceSeconds * 1000
  const maxMs = options.maxShelveDays * DAY_MS

  async function run(command: Command): Promise<Alert> {
    const { actor } = command.context
    if (!may(actor.role, command.permission))
      throw new LinliError('FORBIDDEN', `a ${actor.role} may not do this to an alert`)
    const { alert, changes } = await deps.records.transaction((tx) => decide(tx, command, graceMs))
    deps.committed(changes)
    return alert
  }

  const handle = (decide: Command['decide']) => (id: string, context: CommandContext) =>
    run({ id, context, permission: 'alert.handle', decide })
  return {
    acknowledge: handle(attention.acknowledge),
    unacknowledge: handle(attention.unacknowledge),
    reopen: handle(attention.reopen),
    clear: handle(attention.clear),
    shelve: (id, until, context) =>
      run({
        id,
        context,
        permission: 'alert.shelve',
        decide: (alert, action) => attention.shelve(alert, until, { ...action, maxMs }),
      }),
  }
}

interface Command {
  readonly id: string
  readonly context: CommandContext
  readonly permission: Permission
  readonly decide: (alert: Alert, context: attention.ActionContext) => Decision
}

interface Decided {
  /** After the command. */
  readonly alert: Alert
  readonly changes: readonly AlertChange[]
}

/** Decides and stores one command. Throws NOT_FOUND, CONFLICT or INVALID_INPUT. */
async function decide(tx: RecordsTx, { id, context, decide }: Command, graceMs: number): Promise<Decided> {
  const { actor, now } = context
  const note = context.note?.trim() ?? ''
  const known = await loadAlerts(tx, [id])
  const before = known.find(id)
  if (!before) throw new LinliError('NOT_FOUND', `there is no alert ${id}`)
  const step = decide(before, { login: actor.login, now, note })
  if (step.kind === 'refused') throw new LinliError(step.code, step.message, { reason: step.reason })
  if (step.kind === 'same') return { alert: before, changes: [] }
  const by = { actor: actor.login, note: note || null }
  const changes = applyCommand(known, { step, by }, { now, graceMs })
  await storeChanges(tx, changes, now)
  return { alert: changes.findLast(({ alert }) => alert.id === id)?.alert ?? before, changes }
}

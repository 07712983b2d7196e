/** What people can do to alerts and cases. Implemented by alerts/ and cases/, called by dashboard/, joined in app/hub.ts. */
import type { Alert } from '../alert.ts'
import type { Case, WorkOrder } from '../case.ts'
import type { User } from '../user.ts'

/** Who asks, when. All commands throw NOT_FOUND, CONFLICT (not from this state) or FORBIDDEN (not this role). */
export interface CommandContext {
  readonly actor: User
  readonly now: number
  readonly note?: string
}

export interface AlertCommands {
  acknowledge(id: string, context: CommandContext): Promise<Alert>
  /** Undoes an acknowledgement: attention is unacknowledged again. */
  unacknowledge(id: string, context: CommandContext): Promise<Alert>
  /** Puts it aside until a time, with a reason (`note`, required). */
  shelve(id: string, until: number, context: CommandContext): Promise<Alert>
  /** Sets it active and unacknowledged although the device reports it cleared; `note` gives the reason. */
  reopen(id: string, context: CommandContext): Promise<Alert>
  /** Ends an active alert that a person has found to be over; `note` is required. */
  clear(id: string, context: CommandContext): Promise<Alert>
}

export interface CaseCommands {
  /** Opens the alert's case when it has none, and one work order for a crew in it. */
  dispatch(
    alertId: string,
    order: { readonly crew: string; readonly instructions: string },
    context: CommandContext,
  ): Promise<{ case: Case; workOrder: WorkOrder }>
  accept(workOrderId: string, context: CommandContext): Promise<WorkOrder>
  arrive(workOrderId: string, context: CommandContext): Promise<WorkOrder>
  /** `note` (what was done) is required. */
  done(workOrderId: string, context: CommandContext): Promise<WorkOrder>
  cancel(workOrderId: string, context: CommandContext): Promise<WorkOrder>
  /** Closes the case and its done orders; refused while an order is under way or the alert is still active. */
  close(caseId: string, context: CommandContext): Promise<Case>
  reopen(caseId: string, context: CommandContext): Promise<Case>
}

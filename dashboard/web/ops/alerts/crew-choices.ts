/** Crews that can be assigned to an alert, suitable ones first. Pure. */
import type { Alert } from '../../../../model/alert.ts'
import type { WorkOrder } from '../../../../model/case.ts'
import type { Crew } from '../../../../model/ports/directory.ts'
import { isInProgress } from '../../shared/work-orders.ts'

export interface CrewChoice {
  readonly crew: Crew
  /** Works on this device type. */
  readonly isSuitable: boolean
  /** Its order in progress in the same case, which prevents another one. */
  readonly currentOrder: WorkOrder | null
}

/** Crews of the alert's site (the hub refuses others), specialised ones before those for all types. */
export function crewChoices(
  crews: readonly Crew[],
  alert: Pick<Alert, 'site' | 'deviceType' | 'caseId'>,
  orders: Iterable<WorkOrder>,
): CrewChoice[] {
  const ofCase = [...orders].filter(
    (order) => alert.caseId !== null && order.caseId === alert.caseId && isInProgress(order),
  )
  const choices = crews
    .filter((crew) => crew.site === null || crew.site === alert.site)
    .map((crew) => ({
      crew,
      isSuitable: crew.deviceTypes.length === 0 || crew.deviceTypes.includes(alert.deviceType),
      currentOrder: ofCase.find((order) => order.crew === crew.id) ?? null,
    }))
  const rank = ({ isSuitable, crew }: CrewChoice): number =>
    (isSuitable ? 0 : 2) + (crew.deviceTypes.length === 0 ? 1 : 0)
  return choices.sort((a, b) => rank(a) - rank(b))
}

/** The preselected crew: the first available one. */
export function defaultChoice(choices: readonly CrewChoice[]): CrewChoice | undefined {
  return choices.find((choice) => choice.currentOrder === null)
}

/** Which crews to offer for an alert, the suited ones first. Pure. */
import type { Alert } from '../../../../model/alert.ts'
import type { WorkOrder } from '../../../../model/case.ts'
import type { Crew } from '../../../../model/ports/directory.ts'

export interface CrewChoice {
  readonly crew: Crew
  /** Repairs this type of device. */
  readonly suited: boolean
  /** Its order under way in the same case; it cannot be sent twice. */
  readonly atWork: WorkOrder | null
}

const underWay: readonly WorkOrder['state'][] = ['assigned', 'accepted', 'arrived']

/** Crews that work at the alert's site (another one the hub would refuse); those for this type before those for all. */
export function crewChoices(
  crews: readonly Crew[],
  alert: Pick<Alert, 'site' | 'deviceType' | 'caseId'>,
  orders: Iterable<WorkOrder>,
): CrewChoice[] {
  const ofCase = [...orders].filter(
    (order) => alert.caseId !== null && order.caseId === alert.caseId && underWay.includes(order.state),
  )
  const choices = crews
    .filter((crew) => crew.site === null || crew.site === alert.site)
    .map((crew) => ({
      crew,
      suited: crew.deviceTypes.length === 0 || crew.deviceTypes.includes(alert.deviceType),
      atWork: ofCase.find((order) => order.crew === crew.id) ?? null,
    }))
  const rank = ({ suited, crew }: CrewChoice): number =>
    (suited ? 0 : 2) + (crew.deviceTypes.length === 0 ? 1 : 0)
  return choices.sort((a, b) => rank(a) - rank(b))
}

/** The crew that is chosen before a person has chosen: the first suited one that is free, else the first free one. */
export function firstChoice(choices: readonly CrewChoice[]): CrewChoice | undefined {
  return choices.find((choice) => choice.atWork === null)
}

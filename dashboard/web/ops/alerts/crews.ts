/** Which crews to offer for an alert, the suited ones first. Pure. */
import type { Alert } from '../../../../model/alert.ts'
import type { Crew } from '../../../../model/ports/directory.ts'

export interface CrewChoice {
  readonly crew: Crew
  /** Works at this site and repairs this type of device. */
  readonly suited: boolean
}

export function crewChoices(crews: readonly Crew[], alert: Pick<Alert, 'site' | 'deviceType'>): CrewChoice[] {
  const choices = crews.map((crew) => ({
    crew,
    suited:
      (crew.site === null || crew.site === alert.site) &&
      (crew.deviceTypes.length === 0 || crew.deviceTypes.includes(alert.deviceType)),
  }))
  return [...choices.filter((choice) => choice.suited), ...choices.filter((choice) => !choice.suited)]
}

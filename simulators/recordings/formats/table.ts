/** All recording formats; a new one is one file and one line here. */
import type { RecordingFormat } from '../format.ts'
import { binsEdinburgh } from './bins-edinburgh.ts'
import { binsWyndham } from './bins-wyndham.ts'
import { elevatorDoor } from './elevator-door.ts'
import { elevatorOutages } from './elevator-outages.ts'
import { homesKasterenMit } from './homes-kasteren-mit.ts'
import { homesOrdonez } from './homes-ordonez.ts'
import { lightingCabinet } from './lighting-cabinet.ts'
import { requestsBoston } from './requests-boston.ts'

const list: readonly RecordingFormat[] = [
  binsEdinburgh,
  binsWyndham,
  elevatorDoor,
  elevatorOutages,
  homesKasterenMit,
  homesOrdonez,
  lightingCabinet,
  requestsBoston,
]

export const recordingFormats: ReadonlyMap<string, RecordingFormat> = new Map(
  list.map((format) => [format.folder, format]),
)

/** The one table of faults; a new fault is one file and one line here. */
import { alarmButton } from './alarm-button.ts'
import { binFire } from './bin-fire.ts'
import { binFull } from './bin-full.ts'
import { circuitOutage } from './circuit-outage.ts'
import { doorLeftOpen } from './door-left-open.ts'
import { entrapment } from './entrapment.ts'
import type { Fault } from './fault.ts'
import { lampDark } from './lamp-dark.ts'
import { lowBattery } from './low-battery.ts'
import { movingDoorOpen } from './moving-door-open.ts'
import { noDoorOpening } from './no-door-opening.ts'
import { offline } from './offline.ts'
import { sos } from './sos.ts'

const list: readonly Fault[] = [
  entrapment,
  alarmButton,
  movingDoorOpen,
  lampDark,
  circuitOutage,
  binFull,
  binFire,
  noDoorOpening,
  doorLeftOpen,
  sos,
  offline,
  lowBattery,
]

export const faults: ReadonlyMap<string, Fault> = new Map(list.map((fault) => [fault.name, fault]))

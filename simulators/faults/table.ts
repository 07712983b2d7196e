/** The one table of faults; a new fault is one file and one line here. */
import { alarmButton } from './alarm-button.ts'
import { alarmJoke } from './alarm-joke.ts'
import { alarmOnRide } from './alarm-on-ride.ts'
import { binFire } from './bin-fire.ts'
import { binFull } from './bin-full.ts'
import { briefStop } from './brief-stop.ts'
import { buildingWorks } from './building-works.ts'
import { childrenAtDoor } from './children-at-door.ts'
import { chronicLift } from './chronic-lift.ts'
import { circuitOutage } from './circuit-outage.ts'
import { doorLeftOpen } from './door-left-open.ts'
import { doorObstructed } from './door-obstructed.ts'
import { doorWorn } from './door-worn.ts'
import { entrapment } from './entrapment.ts'
import { entrapmentAtFloor } from './entrapment-at-floor.ts'
import type { Fault } from './fault.ts'
import { firefighters } from './firefighters.ts'
import { heatWave } from './heat-wave.ts'
import { holiday } from './holiday.ts'
import { inspectionRun } from './inspection-run.ts'
import { inspectionStop } from './inspection-stop.ts'
import { lampDark } from './lamp-dark.ts'
import { lateTestCall } from './late-test-call.ts'
import { levellingFarOff } from './levelling-far-off.ts'
import { levellingOff } from './levelling-off.ts'
import { liftCrowded } from './lift-crowded.ts'
import { liftDoorHeld } from './lift-door-held.ts'
import { liftOutDay } from './lift-out-day.ts'
import { liftOutLong } from './lift-out-long.ts'
import { liftRestarted } from './lift-restarted.ts'
import { lowBattery } from './low-battery.ts'
import { machineRoomHot } from './machine-room-hot.ts'
import { machineVibration } from './machine-vibration.ts'
import { motorOverheated } from './motor-overheated.ts'
import { motorWarm } from './motor-warm.ts'
import { movingDoorOpen } from './moving-door-open.ts'
import { noDoorOpening } from './no-door-opening.ts'
import { noLiftCalls } from './no-lift-calls.ts'
import { noTestCall } from './no-test-call.ts'
import { offline } from './offline.ts'
import { passengersWaiting } from './passengers-waiting.ts'
import { plannedOutages } from './planned-outages.ts'
import { relevelling } from './relevelling.ts'
import { removal } from './removal.ts'
import { roughDay } from './rough-day.ts'
import { roughRide } from './rough-ride.ts'
import { sos } from './sos.ts'
import { stoppedOutsideZone } from './stopped-outside-zone.ts'

const list: readonly Fault[] = [
  entrapment,
  alarmButton,
  movingDoorOpen,
  entrapmentAtFloor,
  passengersWaiting,
  stoppedOutsideZone,
  briefStop,
  inspectionStop,
  inspectionRun,
  alarmJoke,
  alarmOnRide,
  levellingOff,
  levellingFarOff,
  relevelling,
  doorObstructed,
  doorWorn,
  childrenAtDoor,
  liftDoorHeld,
  removal,
  firefighters,
  machineVibration,
  buildingWorks,
  roughRide,
  roughDay,
  motorOverheated,
  motorWarm,
  machineRoomHot,
  heatWave,
  noLiftCalls,
  liftCrowded,
  holiday,
  liftRestarted,
  noTestCall,
  lateTestCall,
  liftOutLong,
  liftOutDay,
  chronicLift,
  plannedOutages,
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

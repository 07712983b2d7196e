/** The one table of faults; a new fault is one file and one line here. */

import { activityDrop } from './activity-drop.ts'
import { alarmButton } from './alarm-button.ts'
import { alarmJoke } from './alarm-joke.ts'
import { alarmOnRide } from './alarm-on-ride.ts'
import { bagOnSensor } from './bag-on-sensor.ts'
import { batteryDraining } from './battery-draining.ts'
import { batteryUnknown } from './battery-unknown.ts'
import { binFillsFast } from './bin-fills-fast.ts'
import { binFire } from './bin-fire.ts'
import { binForgotten } from './bin-forgotten.ts'
import { binFull } from './bin-full.ts'
import { binTilted, binTipped, tiltedForEmptying } from './bin-tipped.ts'
import { briefStop } from './brief-stop.ts'
import { buildingWorks } from './building-works.ts'
import { childrenAtDoor } from './children-at-door.ts'
import { chronicLift } from './chronic-lift.ts'
import { circuitOutage } from './circuit-outage.ts'
import { cabinetByHandTest, circuitTest } from './circuit-test.ts'
import { cooking } from './cooking.ts'
import { dayBurner } from './day-burner.ts'
import { dayTrip } from './day-trip.ts'
import { clockAnHourAhead, clockWeeksBehind } from './device-clock.ts'
import { doorLeftOpen } from './door-left-open.ts'
import { doorObstructed } from './door-obstructed.ts'
import { doorOpenInCold } from './door-open-in-cold.ts'
import { doorWorn } from './door-worn.ts'
import { earlyWalk } from './early-walk.ts'
import { entrapment } from './entrapment.ts'
import { entrapmentAtFloor } from './entrapment-at-floor.ts'
import { excited } from './excited.ts'
import { fall } from './fall.ts'
import type { Fault } from './fault.ts'
import { firefighters } from './firefighters.ts'
import { gasLeak } from './gas-leak.ts'
import { highGlucose, lowGlucose } from './glucose.ts'
import { heatWave } from './heat-wave.ts'
import { holiday } from './holiday.ts'
import { inspectionRun } from './inspection-run.ts'
import { inspectionStop } from './inspection-stop.ts'
import { lampAged } from './lamp-aged.ts'
import { lampCycling } from './lamp-cycling.ts'
import { lampDark } from './lamp-dark.ts'
import { lampDimmed, lampWeak } from './lamp-weak.ts'
import { lampStaysOff, lateSwitching } from './late-switching.ts'
import { lateTestCall } from './late-test-call.ts'
import { lazyDay } from './lazy-day.ts'
import { levelFault } from './level-fault.ts'
import { levelStuck } from './level-stuck.ts'
import { levellingFarOff } from './levelling-far-off.ts'
import { levellingOff } from './levelling-off.ts'
import { lidOpen, lidOpenForAWhile } from './lid-open.ts'
import { lieIn } from './lie-in.ts'
import { liftCrowded } from './lift-crowded.ts'
import { liftDoorHeld } from './lift-door-held.ts'
import { liftOutDay } from './lift-out-day.ts'
import { liftOutLong } from './lift-out-long.ts'
import { liftPromiseBroken } from './lift-promise-broken.ts'
import { liftRestarted } from './lift-restarted.ts'
import { longBathroom } from './long-bathroom.ts'
import { looseContact } from './loose-contact.ts'
import { lossyLine } from './lossy-line.ts'
import { lowBattery } from './low-battery.ts'
import { machineRoomHot } from './machine-room-hot.ts'
import { machineVibration } from './machine-vibration.ts'
import { circuitDownByDay, gatewayDown } from './mass-offline.ts'
import { motorOverheated } from './motor-overheated.ts'
import { motorWarm } from './motor-warm.ts'
import { movingDoorOpen } from './moving-door-open.ts'
import { nightExit } from './night-exit.ts'
import { nightWandering } from './night-wandering.ts'
import { noBreakfast } from './no-breakfast.ts'
import { noDoorOpening } from './no-door-opening.ts'
import { noLiftCalls } from './no-lift-calls.ts'
import { noTestCall } from './no-test-call.ts'
import { nonsense } from './nonsense.ts'
import { notBack } from './not-back.ts'
import { offline } from './offline.ts'
import { outOfBed } from './out-of-bed.ts'
import { passengersWaiting } from './passengers-waiting.ts'
import { plannedOutages } from './planned-outages.ts'
import { poleDamaged, poleTilts } from './pole-down.ts'
import { pressurePeak } from './pressure-peak.ts'
import { pressureRaised } from './pressure-raised.ts'
import { relevelling } from './relevelling.ts'
import { removal } from './removal.ts'
import { restlessAtDoor } from './restless-at-door.ts'
import { roughDay } from './rough-day.ts'
import { roughRide } from './rough-ride.ts'
import { sentLater } from './sent-later.ts'
import { smoke } from './smoke.ts'
import { smokeTest } from './smoke-test.ts'
import { sos } from './sos.ts'
import { startsAnew } from './starts-anew.ts'
import { staysIn } from './stays-in.ts'
import { stolenPower } from './stolen-power.ts'
import { stoppedOutsideZone } from './stopped-outside-zone.ts'
import { stuckMeter } from './stuck-meter.ts'
import { stuckSensor } from './stuck-sensor.ts'
import { sunHeated } from './sun-heated.ts'
import { toiletAtNight } from './toilet-at-night.ts'
import { unstableLine } from './unstable-line.ts'
import { upAtNight } from './up-at-night.ts'
import { visitor } from './visitor.ts'
import { waterLeak } from './water-leak.ts'
import { voltageDip, weakSupply } from './weak-supply.ts'

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
  liftPromiseBroken,
  liftOutDay,
  chronicLift,
  plannedOutages,
  lampDark,
  circuitOutage,
  dayBurner,
  circuitTest,
  lampWeak,
  lampDimmed,
  lampCycling,
  lampAged,
  stolenPower,
  cabinetByHandTest,
  weakSupply,
  voltageDip,
  lateSwitching,
  lampStaysOff,
  poleTilts,
  poleDamaged,
  binFull,
  bagOnSensor,
  binFillsFast,
  sunHeated,
  binTipped,
  binTilted,
  tiltedForEmptying,
  lidOpen,
  lidOpenForAWhile,
  levelStuck,
  levelFault,
  binForgotten,
  gatewayDown,
  circuitDownByDay,
  binFire,
  noDoorOpening,
  doorLeftOpen,
  doorOpenInCold,
  fall,
  lieIn,
  staysIn,
  notBack,
  dayTrip,
  visitor,
  nightExit,
  earlyWalk,
  nightWandering,
  restlessAtDoor,
  longBathroom,
  toiletAtNight,
  outOfBed,
  upAtNight,
  noBreakfast,
  activityDrop,
  lazyDay,
  sos,
  offline,
  lowBattery,
  clockAnHourAhead,
  clockWeeksBehind,
  sentLater,
  nonsense,
  looseContact,
  unstableLine,
  lossyLine,
  startsAnew,
  stuckSensor,
  stuckMeter,
  batteryDraining,
  batteryUnknown,
  smoke,
  smokeTest,
  gasLeak,
  cooking,
  waterLeak,
  pressurePeak,
  excited,
  pressureRaised,
  lowGlucose,
  highGlucose,
]

export const faults: ReadonlyMap<string, Fault> = new Map(list.map((fault) => [fault.name, fault]))

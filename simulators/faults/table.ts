/** All faults; a new fault is one file and one line here. */

import { bagOnSensor } from './bin/bag-on-sensor.ts'
import { binFillsFast } from './bin/bin-fills-fast.ts'
import { binFire } from './bin/bin-fire.ts'
import { binForgotten } from './bin/bin-forgotten.ts'
import { binFull } from './bin/bin-full.ts'
import { binTilted, binTipped, tiltedForEmptying } from './bin/bin-tipped.ts'
import { levelFault } from './bin/level-fault.ts'
import { levelStuck } from './bin/level-stuck.ts'
import { lidOpen, lidOpenForAWhile } from './bin/lid-open.ts'
import { sunHeated } from './bin/sun-heated.ts'
import type { Fault } from './fault.ts'
import { activityDrop } from './home/activity-drop.ts'
import { dayTrip } from './home/day-trip.ts'
import { doorLeftOpen } from './home/door-left-open.ts'
import { doorOpenInCold } from './home/door-open-in-cold.ts'
import { earlyWalk } from './home/early-walk.ts'
import { excited } from './home/excited.ts'
import { fall } from './home/fall.ts'
import { highGlucose, lowGlucose } from './home/glucose.ts'
import { lazyDay } from './home/lazy-day.ts'
import { lieIn } from './home/lie-in.ts'
import { longBathroom } from './home/long-bathroom.ts'
import { nightExit } from './home/night-exit.ts'
import { nightWandering } from './home/night-wandering.ts'
import { noBreakfast } from './home/no-breakfast.ts'
import { noDoorOpening } from './home/no-door-opening.ts'
import { notBack } from './home/not-back.ts'
import { outOfBed } from './home/out-of-bed.ts'
import { pressurePeak } from './home/pressure-peak.ts'
import { pressureRaised } from './home/pressure-raised.ts'
import { restlessAtDoor } from './home/restless-at-door.ts'
import { sos } from './home/sos.ts'
import { staysIn } from './home/stays-in.ts'
import { toiletAtNight } from './home/toilet-at-night.ts'
import { upAtNight } from './home/up-at-night.ts'
import { visitor } from './home/visitor.ts'
import { circuitOutage } from './lamp/circuit-outage.ts'
import { cabinetByHandTest, circuitTest } from './lamp/circuit-test.ts'
import { dayBurner } from './lamp/day-burner.ts'
import { lampAged } from './lamp/lamp-aged.ts'
import { lampCycling } from './lamp/lamp-cycling.ts'
import { lampDark } from './lamp/lamp-dark.ts'
import { lampDimmed, lampWeak } from './lamp/lamp-weak.ts'
import { lampStaysOff, lateSwitching } from './lamp/late-switching.ts'
import { poleDamaged, poleTilts } from './lamp/pole-down.ts'
import { stolenPower } from './lamp/stolen-power.ts'
import { voltageDip, weakSupply } from './lamp/weak-supply.ts'
import { alarmButton } from './lift/alarm-button.ts'
import { alarmJoke } from './lift/alarm-joke.ts'
import { alarmOnRide } from './lift/alarm-on-ride.ts'
import { briefStop } from './lift/brief-stop.ts'
import { buildingWorks } from './lift/building-works.ts'
import { childrenAtDoor } from './lift/children-at-door.ts'
import { chronicLift } from './lift/chronic-lift.ts'
import { doorObstructed } from './lift/door-obstructed.ts'
import { doorWorn } from './lift/door-worn.ts'
import { entrapment } from './lift/entrapment.ts'
import { entrapmentAtFloor } from './lift/entrapment-at-floor.ts'
import { firefighters } from './lift/firefighters.ts'
import { heatWave } from './lift/heat-wave.ts'
import { holiday } from './lift/holiday.ts'
import { inspectionRun } from './lift/inspection-run.ts'
import { inspectionStop } from './lift/inspection-stop.ts'
import { lateTestCall } from './lift/late-test-call.ts'
import { levellingFarOff } from './lift/levelling-far-off.ts'
import { levellingOff } from './lift/levelling-off.ts'
import { liftCrowded } from './lift/lift-crowded.ts'
import { liftDoorHeld } from './lift/lift-door-held.ts'
import { liftOutDay } from './lift/lift-out-day.ts'
import { liftOutLong } from './lift/lift-out-long.ts'
import { liftPromiseBroken } from './lift/lift-promise-broken.ts'
import { liftRestarted } from './lift/lift-restarted.ts'
import { machineRoomHot } from './lift/machine-room-hot.ts'
import { machineVibration } from './lift/machine-vibration.ts'
import { motorOverheated } from './lift/motor-overheated.ts'
import { motorWarm } from './lift/motor-warm.ts'
import { movingDoorOpen } from './lift/moving-door-open.ts'
import { noLiftCalls } from './lift/no-lift-calls.ts'
import { noTestCall } from './lift/no-test-call.ts'
import { passengersWaiting } from './lift/passengers-waiting.ts'
import { plannedOutages } from './lift/planned-outages.ts'
import { relevelling } from './lift/relevelling.ts'
import { removal } from './lift/removal.ts'
import { roughDay } from './lift/rough-day.ts'
import { roughRide } from './lift/rough-ride.ts'
import { stoppedOutsideZone } from './lift/stopped-outside-zone.ts'
import { batteryDraining } from './network/battery-draining.ts'
import { batteryUnknown } from './network/battery-unknown.ts'
import { clockAnHourAhead, clockWeeksBehind } from './network/device-clock.ts'
import { looseContact } from './network/loose-contact.ts'
import { lossyLine } from './network/lossy-line.ts'
import { lowBattery } from './network/low-battery.ts'
import { circuitDownByDay, gatewayDown } from './network/mass-offline.ts'
import { nonsense } from './network/nonsense.ts'
import { offline } from './network/offline.ts'
import { sentLater } from './network/sent-later.ts'
import { startsAnew } from './network/starts-anew.ts'
import { stuckMeter } from './network/stuck-meter.ts'
import { stuckSensor } from './network/stuck-sensor.ts'
import { unstableLine } from './network/unstable-line.ts'
import { cooking } from './safety/cooking.ts'
import { gasLeak } from './safety/gas-leak.ts'
import { smoke } from './safety/smoke.ts'
import { smokeTest } from './safety/smoke-test.ts'
import { waterLeak } from './safety/water-leak.ts'

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

/** The one table of behaviours; a new device type is one file and one line here. */
import { type ActorFactory, actorOf } from './behaviour.ts'
import { bin } from './bin.ts'
import { cabinet } from './cabinet.ts'
import { door } from './door.ts'
import { elevator } from './elevator.ts'
import { gas } from './gas.ts'
import { kiosk } from './kiosk.ts'
import { motion } from './motion.ts'
import { smoke } from './smoke.ts'
import { streetlight } from './streetlight.ts'
import { waterleak } from './waterleak.ts'
import { watermeter } from './watermeter.ts'

export const behaviours: ReadonlyMap<string, ActorFactory> = new Map([
  [elevator.type, actorOf(elevator)],
  [streetlight.type, actorOf(streetlight)],
  [cabinet.type, actorOf(cabinet)],
  [bin.type, actorOf(bin)],
  [door.type, actorOf(door)],
  [motion.type, actorOf(motion)],
  [smoke.type, actorOf(smoke)],
  [gas.type, actorOf(gas)],
  [waterleak.type, actorOf(waterleak)],
  [watermeter.type, actorOf(watermeter)],
  [kiosk.type, actorOf(kiosk)],
])

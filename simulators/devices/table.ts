/** All behaviours; a new device type is one file and one line here. */
import { type BehaviourFactory, behaviourFactory } from './behaviour.ts'
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

export const behaviours: ReadonlyMap<string, BehaviourFactory> = new Map([
  [elevator.type, behaviourFactory(elevator)],
  [streetlight.type, behaviourFactory(streetlight)],
  [cabinet.type, behaviourFactory(cabinet)],
  [bin.type, behaviourFactory(bin)],
  [door.type, behaviourFactory(door)],
  [motion.type, behaviourFactory(motion)],
  [smoke.type, behaviourFactory(smoke)],
  [gas.type, behaviourFactory(gas)],
  [waterleak.type, behaviourFactory(waterleak)],
  [watermeter.type, behaviourFactory(watermeter)],
  [kiosk.type, behaviourFactory(kiosk)],
])

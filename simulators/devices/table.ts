/** The one table of behaviours; a new device type is one file and one line here. */
import { type ActorFactory, actorOf } from './behaviour.ts'
import { bin } from './bin.ts'
import { cabinet } from './cabinet.ts'
import { door } from './door.ts'
import { elevator } from './elevator.ts'
import { motion } from './motion.ts'
import { streetlight } from './streetlight.ts'

export const behaviours: ReadonlyMap<string, ActorFactory> = new Map([
  [elevator.type, actorOf(elevator)],
  [streetlight.type, actorOf(streetlight)],
  [cabinet.type, actorOf(cabinet)],
  [bin.type, actorOf(bin)],
  [door.type, actorOf(door)],
  [motion.type, actorOf(motion)],
])

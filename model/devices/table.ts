/** The one table of device types; a new type is one file and one line here. */
import type { DeviceType } from '../device-type.ts'
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

const list: readonly DeviceType[] = [
  elevator,
  streetlight,
  cabinet,
  bin,
  door,
  motion,
  smoke,
  gas,
  waterleak,
  watermeter,
  kiosk,
]

export const deviceTypes: ReadonlyMap<string, DeviceType> = new Map(list.map((type) => [type.type, type]))

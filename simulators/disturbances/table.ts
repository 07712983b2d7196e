/** The one table of disturbances; a new one is one file and one line here. */
import { clockAhead, clockBehind, clockUnset } from './clocks.ts'
import type { Disturbance } from './disturbance.ts'
import { duplicated } from './duplicated.ts'
import { gatewayBackFills } from './gateway-back-fills.ts'
import { gatewayBatches } from './gateway-batches.ts'
import { hubDeaf } from './hub-outage.ts'
import { reordered } from './reordered.ts'

const list: readonly Disturbance[] = [
  clockAhead,
  clockBehind,
  clockUnset,
  duplicated,
  reordered,
  gatewayBatches,
  gatewayBackFills,
  hubDeaf,
]

export const disturbances: ReadonlyMap<string, Disturbance> = new Map(list.map((one) => [one.name, one]))

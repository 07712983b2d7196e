/** All disturbances; a new one is one file and one line here. */
import { clockAhead, clockBehind, clockUnset } from './clocks.ts'
import type { Disturbance } from './disturbance.ts'
import { duplicated } from './duplicated.ts'
import { gatewayBackfill } from './gateway-backfill.ts'
import { gatewayBatches } from './gateway-batches.ts'
import { hubOutage } from './hub-outage.ts'
import { reordered } from './reordered.ts'

const list: readonly Disturbance[] = [
  clockAhead,
  clockBehind,
  clockUnset,
  duplicated,
  reordered,
  gatewayBatches,
  gatewayBackfill,
  hubOutage,
]

export const disturbances: ReadonlyMap<string, Disturbance> = new Map(list.map((one) => [one.name, one]))

/** The one table of conditions; a new one is one file and one line here. */
import { absence } from './absence.ts'
import { any } from './any.ts'
import type { ConditionKind } from './condition.ts'
import { count } from './count.ts'
import { event } from './event.ts'
import { forecast } from './forecast.ts'
import { often } from './often.ts'
import { predicate } from './predicate.ts'
import { rise } from './rise.ts'
import { silence } from './silence.ts'
import { stuck } from './stuck.ts'
import { together } from './together.ts'

const list: readonly ConditionKind[] = [
  predicate,
  absence,
  silence,
  event,
  count,
  rise,
  often,
  forecast,
  stuck,
  together,
  any,
]

export const conditionKinds: ReadonlyMap<string, ConditionKind> = new Map(
  list.map((kind) => [kind.name, kind]),
)

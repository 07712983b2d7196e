/** The one table of conditions; a new one is one file and one line here. */
import { absence } from './absence.ts'
import { all } from './all.ts'
import { any } from './any.ts'
import { apart } from './apart.ts'
import { average } from './average.ts'
import { clock } from './clock.ts'
import { clocks } from './clocks.ts'
import type { ConditionKind } from './condition.ts'
import { count } from './count.ts'
import { deviation } from './deviation.ts'
import { drift } from './drift.ts'
import { event } from './event.ts'
import { fewer } from './fewer.ts'
import { flapping } from './flapping.ts'
import { forecast } from './forecast.ts'
import { jump } from './jump.ts'
import { lost } from './lost.ts'
import { missed } from './missed.ts'
import { not } from './not.ts'
import { notBack } from './not-back.ts'
import { often } from './often.ts'
import { outage } from './outage.ts'
import { overdue } from './overdue.ts'
import { predicate } from './predicate.ts'
import { profile } from './profile.ts'
import { rejected } from './rejected.ts'
import { rhythm } from './rhythm.ts'
import { rise } from './rise.ts'
import { sequence } from './sequence.ts'
import { silence } from './silence.ts'
import { stay } from './stay.ts'
import { stuck } from './stuck.ts'
import { timetable } from './timetable.ts'
import { together } from './together.ts'
import { total } from './total.ts'

const list: readonly ConditionKind[] = [
  predicate,
  overdue,
  absence,
  silence,
  flapping,
  clock,
  clocks,
  rejected,
  lost,
  event,
  count,
  rise,
  jump,
  often,
  forecast,
  drift,
  average,
  deviation,
  stuck,
  timetable,
  profile,
  total,
  together,
  apart,
  outage,
  rhythm,
  notBack,
  stay,
  missed,
  fewer,
  any,
  all,
  not,
  sequence,
]

export const conditionKinds: ReadonlyMap<string, ConditionKind> = new Map(
  list.map((kind) => [kind.name, kind]),
)

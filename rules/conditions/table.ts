/** The one table of conditions; a new one is one file and one line here. */

import type { ConditionKind } from './condition.ts'
import { together } from './connectivity/common-cause.ts'
import { clock } from './connectivity/device-clock.ts'
import { flapping } from './connectivity/flapping.ts'
import { clocks } from './connectivity/hub-clock.ts'
import { lost } from './connectivity/lost-messages.ts'
import { outage } from './connectivity/outage.ts'
import { rejected } from './connectivity/rejected-values.ts'
import { silence } from './connectivity/silence.ts'
import { deviation } from './learned/deviation.ts'
import { drift } from './learned/drift.ts'
import { forecast } from './learned/forecast.ts'
import { profile } from './learned/profile.ts'
import { timetable } from './learned/timetable.ts'
import { all } from './logic/all.ts'
import { any } from './logic/any.ts'
import { not } from './logic/not.ts'
import { sequence } from './logic/sequence.ts'
import { average } from './threshold/average.ts'
import { count } from './threshold/count.ts'
import { event } from './threshold/event.ts'
import { stuck } from './threshold/frozen.ts'
import { jump } from './threshold/jump.ts'
import { apart } from './threshold/outlier-in-group.ts'
import { overdue } from './threshold/overdue.ts'
import { predicate } from './threshold/predicate.ts'
import { rise } from './threshold/rise.ts'
import { often } from './threshold/share-of-occasions.ts'
import { total } from './threshold/total.ts'
import { absence } from './welfare/absence.ts'
import { fewer } from './welfare/activity-decline.ts'
import { missed } from './welfare/missed.ts'
import { notBack } from './welfare/return-overdue.ts'
import { rhythm } from './welfare/rhythm.ts'
import { stay } from './welfare/stay.ts'

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

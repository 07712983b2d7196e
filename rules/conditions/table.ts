/** All condition kinds; a new one is a file and an entry here. */

import type { ConditionKind } from './condition.ts'
import { commonCause } from './connectivity/common-cause.ts'
import { deviceClock } from './connectivity/device-clock.ts'
import { flapping } from './connectivity/flapping.ts'
import { hubClock } from './connectivity/hub-clock.ts'
import { lostMessages } from './connectivity/lost-messages.ts'
import { outage } from './connectivity/outage.ts'
import { rejectedValues } from './connectivity/rejected-values.ts'
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
import { frozen } from './threshold/frozen.ts'
import { jump } from './threshold/jump.ts'
import { outlierInGroup } from './threshold/outlier-in-group.ts'
import { overdue } from './threshold/overdue.ts'
import { predicate } from './threshold/predicate.ts'
import { rise } from './threshold/rise.ts'
import { shareOfOccasions } from './threshold/share-of-occasions.ts'
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
  deviceClock,
  hubClock,
  rejectedValues,
  lostMessages,
  event,
  count,
  rise,
  jump,
  shareOfOccasions,
  forecast,
  drift,
  average,
  deviation,
  frozen,
  timetable,
  profile,
  total,
  commonCause,
  outlierInGroup,
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

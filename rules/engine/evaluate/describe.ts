/** Reason and evidence of a transition: the device, its values and a sentence for people. */
import {
  type Field,
  type FieldValue,
  type FieldValues,
  type StringField,
  wordText,
} from '../../../model/device-type.ts'
import { deviceTypes } from '../../../model/devices/table.ts'
import { fillText, joinTexts, type Text } from '../../../model/text.ts'
import type { Phase } from '../../conditions/condition.ts'
import type { Run } from '../run.ts'
import type { RuleInstance, Timeline, Transition } from '../types.ts'
import { unknownText } from './texts.ts'

export interface Described {
  readonly run: Run
  readonly timeline: Timeline
  readonly instance: RuleInstance
  readonly member: number
  readonly phase: Phase | undefined
}

export function describe({
  timeline,
  instance,
  member,
  phase,
}: Described): Pick<Transition, 'reason' | 'evidence' | 'device'> {
  const { rule } = instance
  const named = timeline.members.findIndex(({ record }) => record.device.id === phase?.device)
  const index = named >= 0 ? named : member
  const evidence = evidenceOf(timeline, instance, index)
  const device = timeline.members[index]?.record.device.id ?? timeline.id
  const template = rule.reasons[phase?.variant ?? ''] ?? rule.reason
  const values = {
    ...durations(rule.parameters),
    ...Object.fromEntries(rule.parameters),
    ...timeline.members[index]?.record.meta,
    ...evidence,
    ...(phase && spans(phase)),
    ...phase?.detail,
  }
  return {
    device,
    evidence: { ...evidence, ...phase?.detail },
    reason: fillText(template, printable(values, timeline.members[index]?.layout.type)),
  }
}

/** A duration parameter (seconds) in every unit that a reason may use: `{limitHours}` of `limit: 48h`. */
function durations(parameters: ReadonlyMap<string, unknown>): Record<string, number> {
  const values: Record<string, number> = {}
  for (const [name, value] of parameters)
    if (typeof value === 'number')
      for (const [suffix, seconds] of Object.entries(units)) values[name + suffix] = value / seconds
  return values
}
const units: Readonly<Record<string, number>> = { Seconds: 1, Minutes: 60, Hours: 3600, Days: 86_400 }

/** The member's newest values of the fields that the rule reads. */
function evidenceOf(timeline: Timeline, instance: RuleInstance, index: number): FieldValues {
  const member = timeline.members[index]
  const evidence: Record<string, FieldValue> = {}
  if (!member) return evidence
  for (const slot of instance.rule.reads.get(member.layout.type) ?? []) {
    const value = member.view.slots[slot]
    const field = member.layout.fields[slot]
    if (value !== undefined && field !== undefined) evidence[field] = value
  }
  return evidence
}

function spans({ startedAt, raisedAt }: Phase): Record<string, number> {
  const ms = raisedAt - startedAt
  return {
    seconds: Math.round(ms / 1000),
    minutes: Math.round(ms / 60_000),
    hours: Math.round(ms / 360_000) / 10,
    days: Math.round(ms / 8_640_000) / 10,
  }
}

/** Rounded figures, and the labels of words in both languages. */
function printable(
  values: Readonly<Record<string, unknown>>,
  type: string | undefined,
): Record<string, string | number | Text> {
  const { telemetry, meta } = deviceTypes.get(type ?? '') ?? { telemetry: {}, meta: {} }
  const fields: Readonly<Record<string, Field | StringField>> = { ...meta, ...telemetry }
  const printed: Record<string, string | number | Text> = {}
  for (const name of Object.keys(fields)) {
    printed[name] = unknownText
    printed[`${name}Percent`] = unknownText
  }
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue
    if (typeof value === 'number') {
      printed[name] = Math.round(value * 100) / 100
      printed[`${name}Percent`] = Math.round(value * 100)
    } else printed[name] = textOf(fields[name], value)
  }
  return printed
}

function textOf(field: Field | StringField | undefined, value: unknown): string | Text {
  if (Array.isArray(value)) {
    return joinTexts(value.map((word) => wordText(field, word) ?? { zh: String(word), en: String(word) }))
  }
  return wordText(field, typeof value === 'boolean' ? value : String(value)) ?? String(value)
}

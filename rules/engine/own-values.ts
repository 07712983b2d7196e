/** What a reading tells, by slot. */
import type { FieldValue, FieldValues } from '../../model/device-type.ts'
import type { Layout, ReadReported, Value } from '../expression/scope.ts'
import { nothing } from './view.ts'

/** The very array of the reading before (`former`) when it tells the same. NaN tells nothing. */
export function ownValues(layout: Layout, values: FieldValues, former: readonly Value[]): readonly Value[] {
  layout.read ??= writeReader(layout.fields)
  return layout.read(values, former)
}

/**
 * Written out, field by field: looking up a dozen fields by names that are only known at run time took a tenth of all the time
 * of judging (docs/decisions/0013).
 */
function writeReader(fields: readonly string[]): ReadReported {
  if (fields.length === 0) return () => nothing
  const declared = fields.map((field, slot) => `v${slot} = values[${JSON.stringify(field)}]`)
  const same = fields.map((_, slot) => `isSame(v${slot}, former[${slot}])`)
  const kept = fields.map((_, slot) => `settle(v${slot}, former[${slot}])`)
  const body = `'use strict'
return (values, former) => {
  const ${declared.join(', ')}
  if (former.length === ${fields.length} && ${same.join(' && ')}) return former
  return [${kept.join(', ')}]
}`
  return new Function('isSame', 'settle', body)(isSame, settle) as ReadReported
}

/** Lists are compared word by word; every message brings new ones. */
function isSame(value: FieldValue | undefined, former: Value): boolean {
  if (value === former) return true
  if (typeof value !== 'object' || typeof former !== 'object') return false
  return value.length === former.length && value.every((word, index) => word === former[index])
}

function settle(value: FieldValue | undefined, former: Value): Value {
  if (typeof value === 'object') return isSame(value, former) ? former : value
  return typeof value === 'number' && Number.isNaN(value) ? undefined : value
}

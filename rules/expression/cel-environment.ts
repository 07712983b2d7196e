/** The words an expression may use for one device type: its fields, `meta`, `home`, `event`, parameters, signals. */
import { Environment } from '@marcbachmann/cel-js'
import type { DeviceType, Field, StringField } from '../../model/device-type.ts'
import { isTimeFunction, timeSignatures } from './time-functions.ts'

export type Parameter = number | boolean | string

type Fields = Readonly<Record<string, Field | StringField>>

export interface Vocabulary {
  readonly type: DeviceType
  /** Fields of all types the rule applies to; one that this type lacks is unknown here. Enum words are joined. */
  readonly fields: Fields
  readonly meta: Fields
  readonly events: readonly string[]
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly signals: readonly string[]
  /** Signals that have no value yet where this is asked. */
  readonly laterSignals?: readonly string[]
}

/** What the expressions of one rule for several device types may name, seen from one of them. */
export function joinVocabularies(
  type: DeviceType,
  all: readonly DeviceType[],
): Pick<Vocabulary, 'fields' | 'meta' | 'events'> {
  return {
    fields: joinFields([type.telemetry, ...all.map((other) => other.telemetry)]),
    meta: joinFields([type.meta, ...all.map((other) => other.meta)]),
    events: all.flatMap((other) => Object.keys(other.events)),
  }
}

function joinFields(tables: readonly Fields[]): Fields {
  const joined: Record<string, Field | StringField> = {}
  for (const [name, field] of tables.flatMap((table) => Object.entries(table))) {
    const former = joined[name]
    if (!former) joined[name] = field
    else if ((former.kind === 'enum' || former.kind === 'list') && former.kind === field.kind)
      joined[name] = { ...former, values: [...new Set([...former.values, ...field.values])] }
  }
  return joined
}

/** Bounds of one expression, so that a rule cannot be made heavy by its length or depth. */
const limits = { maxAstNodes: 400, maxDepth: 40, maxListElements: 64, maxMapEntries: 0, maxCallArguments: 4 }

const typeNames = {
  number: 'double',
  boolean: 'bool',
  enum: 'string',
  list: 'list<string>',
  string: 'string',
}

const celType = (field: Field | StringField): string => typeNames[field.kind]

/** Only for parsing and type checks; the values come from `compile.ts`, which knows "unknown". */
const unused = (): never => {
  throw new Error('checked only')
}

/** CEL environment in which a rule's expressions for one device type are parsed and type-checked. */
export function createCelEnvironment(words: Vocabulary): Environment {
  const language = new Environment({ limits, unlistedVariablesAreDyn: false })
  for (const [name, field] of Object.entries(words.fields)) {
    language.registerVariable(name, celType(field))
  }
  const meta = Object.entries(words.meta).map(([name, field]) => [name, celType(field)])
  if (meta.length > 0) language.registerVariable({ name: 'meta', schema: Object.fromEntries(meta) })
  language.registerVariable({ name: 'home', schema: { fragile: 'bool', persons: 'double' } })
  language.registerVariable('event', 'string')
  language.registerVariable('deviceType', 'string')
  for (const [name, value] of words.parameters) {
    const type = typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'bool' : 'string'
    language.registerConstant(name, type, value)
  }
  for (const name of words.signals) language.registerVariable(name, 'bool')
  registerFunctions(language)
  return language
}

function registerFunctions(language: Environment): void {
  language.registerFunction('abs(double): double', unused)
  language.registerFunction('changed(dyn): bool', unused)
  language.registerFunction('grew(double): bool', unused)
  language.registerFunction('fell(double, double): bool', unused)
  language.registerFunction('rose(double, double, double): bool', unused)
  for (const type of ['double', 'string', 'bool']) {
    language.registerFunction(`orElse(${type}, ${type}): ${type}`, unused)
  }
  for (const signature of timeSignatures) language.registerFunction(signature, unused)
}

/** Names that parameters and signals cannot take in a rule for this type. */
export function isReserved(type: DeviceType, name: string): boolean {
  return (
    name in type.telemetry ||
    ['meta', 'home', 'event', 'deviceType', 'abs', 'changed', 'grew', 'fell', 'rose', 'orElse'].includes(
      name,
    ) ||
    isTimeFunction(name)
  )
}

/** The names an expression may use for one device type: its fields, `meta`, `home`, `event`, parameters and signals. */
import { Environment } from '@marcbachmann/cel-js'
import type { DeviceType, Field, StringField } from '../../model/device-type.ts'
import { isTimeFunction, timeSignatures } from './functions.ts'

export type Parameter = number | boolean | string

type Fields = Readonly<Record<string, Field | StringField>>

export interface Vocabulary {
  readonly type: DeviceType
  /** Fields of all types the rule applies to; a field that this type lacks is unknown. Enum values are joined. */
  readonly fields: Fields
  readonly meta: Fields
  readonly events: readonly string[]
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly signals: readonly string[]
  /** Signals below the one whose expression this is; they have no value yet. */
  readonly laterSignals?: readonly string[]
}

/** Fields, meta and events of a rule about several device types, as seen from one of them. */
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

/** Bounds of one expression, against rules that are too long or too deep to check. */
const limits = { maxAstNodes: 400, maxDepth: 40, maxListElements: 64, maxMapEntries: 0, maxCallArguments: 4 }

const typeNames = {
  number: 'double',
  boolean: 'bool',
  enum: 'string',
  list: 'list<string>',
  string: 'string',
}

const celType = (field: Field | StringField): string => typeNames[field.kind]

/** The environment only parses and checks; `generate-code.ts` evaluates, because CEL has no "unknown". */
const neverCalled = (): never => {
  throw new Error('checked only')
}

/** CEL environment in which a rule's expressions for one device type are parsed and type-checked. */
export function createCelEnvironment(vocabulary: Vocabulary): Environment {
  const environment = new Environment({ limits, unlistedVariablesAreDyn: false })
  for (const [name, field] of Object.entries(vocabulary.fields)) {
    environment.registerVariable(name, celType(field))
  }
  const meta = Object.entries(vocabulary.meta).map(([name, field]) => [name, celType(field)])
  if (meta.length > 0) environment.registerVariable({ name: 'meta', schema: Object.fromEntries(meta) })
  environment.registerVariable({ name: 'home', schema: { fragile: 'bool', persons: 'double' } })
  environment.registerVariable('event', 'string')
  environment.registerVariable('deviceType', 'string')
  for (const [name, value] of vocabulary.parameters) {
    const type = typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'bool' : 'string'
    environment.registerConstant(name, type, value)
  }
  for (const name of vocabulary.signals) environment.registerVariable(name, 'bool')
  registerFunctions(environment)
  return environment
}

function registerFunctions(environment: Environment): void {
  environment.registerFunction('abs(double): double', neverCalled)
  environment.registerFunction('changed(dyn): bool', neverCalled)
  environment.registerFunction('grew(double): bool', neverCalled)
  environment.registerFunction('fell(double, double): bool', neverCalled)
  environment.registerFunction('rose(double, double, double): bool', neverCalled)
  for (const type of ['double', 'string', 'bool']) {
    environment.registerFunction(`orElse(${type}, ${type}): ${type}`, neverCalled)
  }
  for (const signature of timeSignatures) environment.registerFunction(signature, neverCalled)
}

/** Whether the name cannot be used for a parameter or signal of a rule for this type. */
export function isReserved(type: DeviceType, name: string): boolean {
  return (
    name in type.telemetry ||
    ['meta', 'home', 'event', 'deviceType', 'abs', 'changed', 'grew', 'fell', 'rose', 'orElse'].includes(
      name,
    ) ||
    isTimeFunction(name)
  )
}

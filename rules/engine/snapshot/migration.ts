/**
 * Rows of rule state in the former format, which has no `format` number: property names that were renamed since get
 * their present names. Applied once, when such a snapshot is restored; afterwards all rows are written anew.
 */
import { conditionKinds } from '../../conditions/table.ts'

/** Number of the present format, in the engine row. */
export const snapshotFormat = 2

type Rows = ReadonlyMap<string, string>
type Json = Readonly<Record<string, unknown>>

/** Whether a snapshot with this engine row (JSON text) is in the former format. */
export function isFormerFormat(engineRow: string): boolean {
  return (JSON.parse(engineRow) as Json).format === undefined
}

/** The same rows in the present format, row by row so that the event loop can have its turn in between. */
export function* migrateRows(rows: Rows): Generator<void, Rows> {
  const migrated = new Map<string, string>()
  for (const [key, text] of rows) {
    migrated.set(key, JSON.stringify(migrateRow(key, JSON.parse(text) as Json)))
    yield
  }
  return migrated
}

function migrateRow(key: string, row: Json): Json {
  if (key === 'engine') return withNames(row, { deaf: 'hubOutage' })
  return key.startsWith('device:') ? migrateDevice(row) : migrateTimeline(row)
}

function migrateDevice(row: Json): Json {
  const { numbers, ...link } = (row.line ?? {}) as Json
  const names = { since: 'knownSince', heardAt: 'lastSeenAt', told: 'reportedMeta', line: 'link' }
  const counted = isObject(numbers) && { numbers: withNames(numbers, { heard: 'received' }) }
  return withNames({ ...row, line: { ...link, ...counted } }, names)
}

function withNames(row: Json, names: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [names[name] ?? name, value]))
}

function migrateTimeline(row: Json): Json {
  const cells = (row.cells ?? {}) as Json
  const undone = row.undone as readonly string[] | undefined
  const names = [...Object.keys(cells), ...(undone ?? [])]
  const kindOf = (rule: unknown): ConditionShape | undefined => {
    const name = names.find((one) => one.startsWith(`${String(rule)}/`) && !isSignal(one))
    return name === undefined ? undefined : shapeOfCell(name)
  }
  const current = withNames(row, { newest: 'newestTs', horizon: 'watermark' })
  return {
    ...current,
    members: (row.members as readonly Json[]).map((member) => withNames(member, { newest: 'newestTs' })),
    cells: Object.fromEntries(
      Object.entries(cells).map(([name, state]) => [name, migrateState(state, shapeOfCell(name))]),
    ),
    ...(undone && {
      ring: (row.ring as readonly unknown[]).map((entry) => migrateEntry(entry, { undone, kindOf })),
    }),
  }
}

interface RingContext {
  /** Names of the cells that saved undo values belong to. */
  readonly undone: readonly string[]
  kindOf(rule: unknown): ConditionShape | undefined
}

interface LongEntry extends Json {
  readonly kind: string
  readonly rule?: string
  readonly due?: Json
  readonly undo?: readonly unknown[]
}

function migrateEntry(entry: unknown, { undone, kindOf }: RingContext): unknown {
  const migrateUndo = (undo: readonly unknown[]): readonly unknown[] =>
    undo.map((value, index) =>
      index % 2 === 0 ? value : migrateUndoValue(value, shapeOfCell(undone[undo[index - 1] as number] ?? '')),
    )
  if (Array.isArray(entry))
    return entry.map((part, index) => (index === 5 && part ? migrateUndo(part) : part))
  const { undo, due, ...rest } = entry as LongEntry
  return {
    ...withNames(rest, { own: 'reported', said: 'transitions', line: 'link' }),
    kind: rest.kind === 'mark' ? 'timer' : rest.kind,
    ...(due && {
      due: { ...due, ...('fact' in due && { fact: migrateState(due.fact, kindOf(rest.rule)) }) },
    }),
    ...(undo && { undo: migrateUndo(undo) }),
  }
}

/** A whole state, or its difference from the state after it: `~` = changed properties, `-` = names of absent ones. */
function migrateUndoValue(value: unknown, shape: ConditionShape | undefined): unknown {
  if (!isObject(value) || !('~' in value)) return migrateState(value, shape)
  const removed = value['-'] as readonly string[] | undefined
  const former = formerKeysOf(shape)
  return {
    '~': migrateState(value['~'], shape),
    ...(removed && { '-': removed.map((name) => former[name] ?? name) }),
  }
}

/** A condition and the conditions directly inside it. */
interface ConditionShape {
  readonly kind: string
  readonly nested: readonly ConditionShape[]
}

/**
 * Renames the properties of a condition's state at every depth. States of nested conditions go by their own kinds;
 * `detail` of a phase has names from rule texts and stays.
 */
export function migrateState(state: unknown, shape: ConditionShape | undefined): unknown {
  if (!shape) return state
  const former = formerKeysOf(shape)
  if (shape.nested.length === 0) return renameKeys(state, former)
  if (!isObject(state)) return state
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => {
      if (name !== 'parts' || !Array.isArray(value)) return [former[name] ?? name, renameKeys(value, former)]
      const parts = value.map((part, index) => migrateState(part, withoutNot(shape.nested[index])))
      return [former[name] ?? name, parts]
    }),
  )
}

function renameKeys(value: unknown, former: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, former))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      name === 'detail' ? [name, inner] : [former[name] ?? name, renameKeys(inner, former)],
    ),
  )
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const noFormerKeys: Readonly<Record<string, string>> = {}

const formerKeysOf = (shape: ConditionShape | undefined): Readonly<Record<string, string>> =>
  (shape && conditionKinds.get(shape.kind)?.formerStateKeys) ?? noFormerKeys

/** `not` has no state of its own: what is saved is the state of the condition inside it. */
const withoutNot = (shape: ConditionShape | undefined): ConditionShape | undefined =>
  shape?.kind === 'not' ? shape.nested[0] : shape

const isSignal = (name: string): boolean => name.includes('@')

/** From a cell name such as `rule/all(predicate,not(count))`; undefined for episodes (`!`) and signals. */
export function shapeOfCell(name: string): ConditionShape | undefined {
  if (name.endsWith('!') || isSignal(name)) return undefined
  const shapes = parseShapes(name.slice(name.indexOf('/') + 1))
  return shapes.find(({ kind }) => kind !== 'completes')
}

/** Reads `kind(field=name,kind,kind(kind))`; figures such as `field=name` are no conditions. */
function parseShapes(text: string): ConditionShape[] {
  const shapes: ConditionShape[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index <= text.length; index += 1) {
    const character = text[index]
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth > 0 || (character !== ',' && character !== undefined)) continue
    const part = text.slice(start, index)
    start = index + 1
    const open = part.indexOf('(')
    const kind = open < 0 ? part : part.slice(0, open)
    if (kind === '' || kind.includes('=')) continue
    shapes.push({ kind, nested: open < 0 ? [] : parseShapes(part.slice(open + 1, -1)) })
  }
  return shapes
}

/**
 * What a rule says otherwise for some sites, grids, homes or devices: other thresholds, another severity, or nothing at all.
 *
 * All overrides that fit count; where two say different things, the more specific one does (device, then home, circuit or
 * gateway, building, grid, site), and of two as specific the later one. A group (home, circuit …) has one answer, by where
 * its first device is. Every combination is a variant of the rule with the same id, so that state and episodes carry over.
 */
import { z } from 'zod'
import type { Device, Directory } from '../../model/ports/directory.ts'
import { severities } from '../../model/severity.ts'
import type { YamlPath } from '../../model/yaml.ts'
import type { Parameter } from '../expression/vocabulary.ts'
import { parseDuration } from '../schema/duration.ts'
import { parameter } from '../schema/fields.ts'
import type { Grouping, RuleFile } from '../schema/rule-file.ts'
import type { CompiledRule } from './compiled-rule.ts'

/** From the least specific to the most; each is a list of ids in the file. */
const places = ['sites', 'grids', 'buildings', 'gateways', 'circuits', 'homes', 'devices'] as const
type Place = (typeof places)[number]

const idOf: Readonly<Record<Place, (device: Device) => string | null>> = {
  sites: ({ site }) => site,
  grids: ({ grid }) => grid,
  buildings: ({ building }) => building,
  gateways: ({ gateway }) => gateway,
  circuits: ({ circuit }) => circuit,
  homes: ({ home }) => home,
  devices: ({ id }) => id,
}

/** What the devices of a group have in common, so that the answer does not hang on which of them is the first. */
const sharedPlaces: Readonly<Record<Grouping, readonly Place[]>> = {
  device: places,
  home: ['sites', 'grids', 'buildings', 'homes'],
  circuit: ['sites', 'circuits'],
  gateway: ['sites', 'gateways'],
  building: ['sites', 'grids', 'buildings'],
  site: ['sites'],
}

const ids = z.array(z.string().min(1).max(64)).min(1).max(1000).optional()

export const overrideSpec = z.strictObject({
  sites: ids,
  grids: ids,
  buildings: ids,
  gateways: ids,
  circuits: ids,
  homes: ids,
  devices: ids,
  /** Only devices of these types; alone: wherever they are. */
  types: z.array(z.string()).min(1).max(50).optional(),
  /** False = the rule does not watch there. */
  enabled: z.boolean().optional(),
  severity: z.enum(severities).optional(),
  parameters: z.record(z.string(), parameter).optional(),
})

export type Override = z.output<typeof overrideSpec>

export interface Overrides {
  readonly list: readonly Override[]
  /** The rule with these overrides (least specific first) taken in; undefined = it does not watch there. */
  variant(indexes: readonly number[]): CompiledRule | undefined
}

/** The rule as it is for a device, or for a group of which this is one: itself, a variant, or undefined = not there. */
export function ruleFor(rule: CompiledRule, device: Device | undefined): CompiledRule | undefined {
  const { overrides } = rule
  if (!overrides || !device) return rule
  const fitting = overrides.list
    .map((override, index) => ({ index, level: specificityOf(override, device) }))
    .filter(({ level }) => level !== undefined)
  if (fitting.length === 0) return rule
  fitting.sort((a, b) => (a.level as number) - (b.level as number) || a.index - b.index)
  return overrides.variant(fitting.map(({ index }) => index))
}

/** How specific the override is for the device; undefined = it is about others. */
function specificityOf(override: Override, device: Device): number | undefined {
  if (override.types && !override.types.includes(device.type)) return undefined
  const level = places.findLastIndex((place) => {
    const id = idOf[place](device)
    return id !== null && override[place]?.includes(id)
  })
  if (level >= 0) return level
  return places.some((place) => override[place]) ? undefined : -1
}

/** The file with these overrides taken in, in their order. */
export function applyOverrides(file: RuleFile, indexes: readonly number[]): RuleFile {
  let { severity, parameters } = file
  for (const index of indexes) {
    const override = file.overrides[index]
    severity = override?.severity ?? severity
    parameters = { ...parameters, ...override?.parameters }
  }
  return { ...file, severity, parameters, overrides: [] }
}

/** Whether the rule watches at all where these overrides count. */
export const isEnabled = ({ overrides }: RuleFile, indexes: readonly number[]): boolean =>
  indexes.reduce((enabled, index) => overrides[index]?.enabled ?? enabled, true)

/** Notes what cannot be meant; the values are checked by compiling the rule with them. */
export function checkOverrides(file: RuleFile, addProblem: (message: string, path: YamlPath) => void): void {
  const possible = sharedPlaces[file.applies.of]
  file.overrides.forEach((override, index) => {
    const at = (message: string, ...below: YamlPath) => addProblem(message, ['overrides', index, ...below])
    const named = places.filter((place) => override[place])
    if (named.length === 0 && !override.types) at('says for no site, grid, home or device')
    for (const place of named) {
      if (!possible.includes(place)) at(`a rule about a ${file.applies.of} cannot differ by ${place}`, place)
    }
    if (override.types && file.applies.of !== 'device')
      at(`a rule about a ${file.applies.of} cannot differ by types`, 'types')
    checkTypes(file, override, at)
    const { enabled, severity, parameters = {} } = override
    if (enabled === undefined && severity === undefined && Object.keys(parameters).length === 0)
      at('says nothing otherwise')
    for (const [name, value] of Object.entries(parameters)) {
      const message = parameterProblem(file.parameters, name, value)
      if (message) at(message, 'parameters', name)
    }
  })
}

type At = (message: string, ...below: YamlPath) => void

function checkTypes({ applies }: RuleFile, { types }: Override, at: At): void {
  types?.forEach((type, index) => {
    if (applies.types !== '*' && !applies.types.includes(type))
      at(`the rule is not about a ${type}`, 'types', index)
  })
}

function parameterProblem(
  parameters: Readonly<Record<string, Parameter>>,
  name: string,
  value: Parameter,
): string | undefined {
  if (!Object.hasOwn(parameters, name)) return `the rule has no parameter ${name}`
  const former = kindOf(parameters[name] as Parameter)
  return kindOf(value) === former ? undefined : `${name} is a ${former}, not a ${kindOf(value)}`
}

function kindOf(value: Parameter): string {
  if (typeof value !== 'string') return typeof value
  return parseDuration(value) === undefined ? 'text' : 'duration'
}

/** An id that an override names and nobody has. */
export interface UnknownId {
  readonly rule: string
  /** E.g. `overrides[0].grids[1]`. */
  readonly path: string
  readonly id: string
}

/** Ids that the directory does not know; no fault, because a device may have been removed. */
export function unknownIds(rules: readonly CompiledRule[], directory: Directory): UnknownId[] {
  if (rules.every(({ overrides }) => !overrides)) return []
  const devices = directory.devices()
  const known = Object.fromEntries(
    places.map((place) => [place, new Set(devices.map((device) => idOf[place](device)))]),
  ) as Record<Place, Set<string | null>>
  for (const { id } of directory.sites()) known.sites.add(id)
  for (const { id } of directory.grids()) known.grids.add(id)
  return rules.flatMap(({ id: rule, overrides }) =>
    (overrides?.list ?? []).flatMap((override, index) =>
      places.flatMap((place) =>
        (override[place] ?? []).flatMap((id, position): UnknownId[] =>
          known[place].has(id) ? [] : [{ rule, path: `overrides[${index}].${place}[${position}]`, id }],
        ),
      ),
    ),
  )
}

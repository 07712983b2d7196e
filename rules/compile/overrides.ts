/**
 * Exceptions of a rule for some sites, grids, homes or devices: other thresholds, another severity, or off.
 *
 * All matching overrides apply. Where two set different values, the more specific place wins (device, then home, circuit
 * or gateway, building, grid, site), and of two equally specific ones the later. A group (home, circuit …) has one result,
 * from the place of its first device. Each combination is a variant with the same rule id, so state and episodes carry over.
 */
import type { Device, Directory } from '../../model/ports/directory.ts'
import type { YamlPath } from '../../model/yaml.ts'
import type { Parameter } from '../expression/vocabulary.ts'
import { parseDuration } from '../schema/fields.ts'
import {
  type Grouping,
  type Override,
  type OverridePlace,
  overridePlaces,
  type RuleFile,
} from '../schema/rule-file.ts'
import type { CompiledRule } from './compiled-rule.ts'

const idOf: Readonly<Record<OverridePlace, (device: Device) => string | null>> = {
  sites: ({ site }) => site,
  grids: ({ grid }) => grid,
  buildings: ({ building }) => building,
  gateways: ({ gateway }) => gateway,
  circuits: ({ circuit }) => circuit,
  homes: ({ home }) => home,
  devices: ({ id }) => id,
}

/** Places that all devices of a group share, so that the result does not depend on which device is first. */
const sharedPlaces: Readonly<Record<Grouping, readonly OverridePlace[]>> = {
  device: overridePlaces,
  home: ['sites', 'grids', 'buildings', 'homes'],
  circuit: ['sites', 'circuits'],
  gateway: ['sites', 'gateways'],
  building: ['sites', 'grids', 'buildings'],
  site: ['sites'],
}

/** The rule or its variant for a device, or for the group of this device; undefined = off there. */
export function ruleFor(rule: CompiledRule, device: Device | undefined): CompiledRule | undefined {
  const { overrides } = rule
  if (!overrides || !device) return rule
  const matching = overrides.list
    .map((override, index) => ({ index, level: specificityOf(override, device) }))
    .filter(({ level }) => level !== undefined)
  if (matching.length === 0) return rule
  matching.sort((a, b) => (a.level as number) - (b.level as number) || a.index - b.index)
  return overrides.variant(matching.map(({ index }) => index))
}

/** Specificity of the override for the device (greater = more specific); undefined = it does not match. */
function specificityOf(override: Override, device: Device): number | undefined {
  if (override.types && !override.types.includes(device.type)) return undefined
  const level = overridePlaces.findLastIndex((place) => {
    const id = idOf[place](device)
    return id !== null && override[place]?.includes(id)
  })
  if (level >= 0) return level
  return overridePlaces.some((place) => override[place]) ? undefined : -1
}

/** The file with these overrides applied, in their order. */
export function applyOverrides(file: RuleFile, indexes: readonly number[]): RuleFile {
  let { severity, parameters } = file
  for (const index of indexes) {
    const override = file.overrides[index]
    severity = override?.severity ?? severity
    parameters = { ...parameters, ...override?.parameters }
  }
  return { ...file, severity, parameters, overrides: [] }
}

/** Whether the rule is on where these overrides apply. */
export const isEnabled = ({ overrides }: RuleFile, indexes: readonly number[]): boolean =>
  indexes.reduce((enabled, index) => overrides[index]?.enabled ?? enabled, true)

/** Reports overrides that cannot be meant; their values are checked by compiling the rule with them. */
export function checkOverrides(file: RuleFile, addProblem: (message: string, path: YamlPath) => void): void {
  const possible = sharedPlaces[file.applies.of]
  file.overrides.forEach((override, index) => {
    const at = (message: string, ...below: YamlPath) => addProblem(message, ['overrides', index, ...below])
    const named = overridePlaces.filter((place) => override[place])
    if (named.length === 0 && !override.types) at('names no site, grid, home or device')
    for (const place of named) {
      if (!possible.includes(place)) at(`a rule about a ${file.applies.of} cannot vary by ${place}`, place)
    }
    if (override.types && file.applies.of !== 'device')
      at(`a rule about a ${file.applies.of} cannot vary by types`, 'types')
    checkTypes(file, override, at)
    const { enabled, severity, parameters = {} } = override
    if (enabled === undefined && severity === undefined && Object.keys(parameters).length === 0)
      at('changes nothing')
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

/** An id in an override that does not exist. */
export interface UnknownId {
  readonly rule: string
  /** E.g. `overrides[0].grids[1]`. */
  readonly path: string
  readonly id: string
}

/** Ids that the directory does not contain; not a problem, because a device may have been removed. */
export function unknownIds(rules: readonly CompiledRule[], directory: Directory): UnknownId[] {
  if (rules.every(({ overrides }) => !overrides)) return []
  const devices = directory.devices()
  const known = Object.fromEntries(
    overridePlaces.map((place) => [place, new Set(devices.map((device) => idOf[place](device)))]),
  ) as Record<OverridePlace, Set<string | null>>
  for (const { id } of directory.sites()) known.sites.add(id)
  for (const { id } of directory.grids()) known.grids.add(id)
  return rules.flatMap(({ id: rule, overrides }) =>
    (overrides?.list ?? []).flatMap((override, index) =>
      overridePlaces.flatMap((place) =>
        (override[place] ?? []).flatMap((id, position): UnknownId[] =>
          known[place].has(id) ? [] : [{ rule, path: `overrides[${index}].${place}[${position}]`, id }],
        ),
      ),
    ),
  )
}

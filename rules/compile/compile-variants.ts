/** A rule and its overrides: each is compiled when the rule is, so that a bad one is refused before it counts anywhere. */
import { formatPath, type YamlPath } from '../../model/yaml.ts'
import { costOf, maxCost } from '../schema/rule-cost.ts'
import type { RuleFile } from '../schema/rule-file.ts'
import { compileRule } from './compile-rule.ts'
import type { CompiledRule } from './compiled-rule.ts'
import { applyOverrides, checkOverrides, isEnabled, type Overrides } from './overrides.ts'
import type { CompileContext } from './rule-context.ts'

/** As `compileRule`, with the variants. */
export function compileWithVariants(file: RuleFile, context: CompileContext): CompiledRule | undefined {
  const cost = costOf(file, context.types.size)
  if (cost > maxCost) {
    const message = `too much to check: conditions x device types x overrides are ${cost} characters, at most ${maxCost}`
    context.addProblem(message, file.overrides.length > 0 ? ['overrides'] : ['condition'])
    return undefined
  }
  let isGood = true
  const addProblem = (message: string, path: YamlPath): void => {
    isGood = false
    context.addProblem(message, path)
  }
  for (const name of Object.keys(file.labels))
    if (!Object.hasOwn(file.parameters, name)) addProblem(`there is no parameter ${name}`, ['labels', name])
  const rule = compileRule(file, { ...context, addProblem })
  if (file.overrides.length === 0) return rule
  checkOverrides(file, addProblem)
  // What is wrong with the rule itself would be told of every override again.
  if (!isGood) return rule
  const alone = file.overrides.map((_, index) => {
    const note = (message: string, path: YamlPath) =>
      addProblem(`${formatPath(path)}: ${message}`, ['overrides', index])
    return compileVariant(file, [index], { ...context, addProblem: note })
  })
  return rule && { ...rule, overrides: overridesOf(file, alone, context) }
}

function overridesOf(
  file: RuleFile,
  alone: readonly (CompiledRule | undefined)[],
  context: CompileContext,
): Overrides {
  const known = new Map<string, CompiledRule | undefined>()
  return {
    list: file.overrides,
    variant(indexes) {
      const key = indexes.join()
      if (!isEnabled(file, indexes)) return undefined
      if (known.has(key)) return known.get(key)
      let isGood = true
      const addProblem = (): void => {
        isGood = false
      }
      const joined = compileVariant(file, indexes, { ...context, addProblem })
      // Each was good by itself; where they do not go together, the most specific one counts alone.
      const variant = isGood ? joined : alone[indexes.at(-1) as number]
      known.set(key, variant)
      return variant
    },
  }
}

function compileVariant(
  file: RuleFile,
  indexes: readonly number[],
  context: CompileContext,
): CompiledRule | undefined {
  const rule = compileRule(applyOverrides(file, indexes), context)
  return rule && { ...rule, variant: indexes.join() }
}

/** Checks of an expression that the CEL type check cannot make: misspelt enum values and weekdays that do not exist. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { deviceTypes } from '../../model/devices/table.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Messages such as `"nromal" is not a value of carMode (normal, …)`. */
export function unknownEnumValues(node: ASTNode, vocabulary: Vocabulary): string[] {
  const problems: string[] = []
  visit(node, (inner) => {
    if (inner.op !== '==' && inner.op !== '!=' && inner.op !== 'in') return
    const [left, right] = inner.args
    for (const [place, texts] of [
      [left, right],
      [right, left],
    ] as const) {
      const allowed = valuesOf(place, vocabulary)
      if (!allowed) continue
      for (const text of literals(texts)) {
        if (!allowed.values.includes(text)) {
          problems.push(`"${text}" is not a value of ${allowed.name} (${allowed.values.join(', ')})`)
        }
      }
    }
  })
  return problems
}

function valuesOf(
  node: ASTNode,
  vocabulary: Vocabulary,
): { readonly name: string; readonly values: readonly string[] } | undefined {
  if (node.op === 'call' && node.args[0] === 'orElse' && node.args[1][0])
    return valuesOf(node.args[1][0], vocabulary)
  if (node.op === 'id' && node.args === 'event') return { name: 'event', values: vocabulary.events }
  if (node.op === 'id' && node.args === 'deviceType')
    return { name: 'deviceType', values: [...deviceTypes.keys()] }
  const { name, field } =
    node.op === 'id' ? { name: node.args, field: vocabulary.fields[node.args] } : metaField(node, vocabulary)
  return field && (field.kind === 'enum' || field.kind === 'list')
    ? { name, values: field.values }
    : undefined
}

function metaField(node: ASTNode, { meta }: Vocabulary) {
  if (node.op !== '.' || node.args[0].op !== 'id' || node.args[0].args !== 'meta') return { name: '' }
  return { name: `meta.${node.args[1]}`, field: meta[node.args[1]] }
}

function literals(node: ASTNode): string[] {
  if (node.op === 'value') return typeof node.args === 'string' ? [node.args] : []
  return node.op === 'list' ? node.args.flatMap(literals) : []
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in'])

/** `dayOfWeek()` has the type `dyn`, so that days may be written 6 or 6.0; every use must be a comparison with days. */
export function weekdayProblems(node: ASTNode, vocabulary: Vocabulary): string[] {
  let used = 0
  let compared = 0
  visit(node, (inner) => {
    if (isWeekday(inner)) used += 1
    if (!comparisons.has(inner.op)) return
    const [left, right] = inner.args as [ASTNode, ASTNode]
    if (isWeekday(left) && areDays(right, vocabulary)) compared += 1
    if (isWeekday(right) && inner.op !== 'in' && areDays(left, vocabulary)) compared += 1
  })
  return used === compared ? [] : ['dayOfWeek() is 1 (Monday) to 7: compare it only with these numbers']
}

const isWeekday = (node: ASTNode): boolean => node.op === 'call' && node.args[0] === 'dayOfWeek'

function areDays(node: ASTNode, vocabulary: Vocabulary): boolean {
  if (node.op === 'list') return node.args.every((item) => areDays(item, vocabulary))
  if (node.op === 'id') return typeof vocabulary.parameters.get(node.args) === 'number'
  if (node.op !== 'value' || (typeof node.args !== 'bigint' && typeof node.args !== 'number')) return false
  const day = Number(node.args)
  return Number.isInteger(day) && day >= 1 && day <= 7
}

/** Calls `onNode` for the node and every node below it. */
function visit(node: ASTNode, onNode: (node: ASTNode) => void): void {
  onNode(node)
  for (const child of children(node)) visit(child, onNode)
}

function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    case '!_':
    case '-_':
      return [node.args]
    default:
      return node.args
  }
}

/** Finds misspelt words: a text compared with an enum field must be one of the field's words. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { deviceTypes } from '../../model/devices/table.ts'
import type { Vocabulary } from './cel-environment.ts'

/** Problems in words, e.g. `"nromal" is not a word of carMode (normal, …)`. */
export function unknownEnumValues(node: ASTNode, vocabulary: Vocabulary): string[] {
  const found: string[] = []
  visit(node, (inner) => {
    if (inner.op !== '==' && inner.op !== '!=' && inner.op !== 'in') return
    const [left, right] = inner.args
    for (const [place, texts] of [
      [left, right],
      [right, left],
    ] as const) {
      const words = wordsOf(place, vocabulary)
      if (!words) continue
      for (const text of literals(texts)) {
        if (!words.list.includes(text)) {
          found.push(`"${text}" is not a word of ${words.name} (${words.list.join(', ')})`)
        }
      }
    }
  })
  return found
}

function wordsOf(node: ASTNode, words: Vocabulary): { name: string; list: readonly string[] } | undefined {
  if (node.op === 'call' && node.args[0] === 'orElse' && node.args[1][0])
    return wordsOf(node.args[1][0], words)
  if (node.op === 'id' && node.args === 'event') return { name: 'event', list: words.events }
  if (node.op === 'id' && node.args === 'deviceType')
    return { name: 'deviceType', list: [...deviceTypes.keys()] }
  const named =
    node.op === 'id' ? { name: node.args, field: words.fields[node.args] } : metaField(node, words)
  const { name, field } = named
  return field && (field.kind === 'enum' || field.kind === 'list') ? { name, list: field.values } : undefined
}

function metaField(node: ASTNode, words: Vocabulary) {
  if (node.op !== '.' || node.args[0].op !== 'id' || node.args[0].args !== 'meta') return { name: '' }
  return { name: `meta.${node.args[1]}`, field: words.meta[node.args[1]] }
}

function literals(node: ASTNode): string[] {
  if (node.op === 'value') return typeof node.args === 'string' ? [node.args] : []
  return node.op === 'list' ? node.args.flatMap(literals) : []
}

/** Calls back for the node and every node under it. */
export function visit(node: ASTNode, work: (node: ASTNode) => void): void {
  work(node)
  for (const child of children(node)) visit(child, work)
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

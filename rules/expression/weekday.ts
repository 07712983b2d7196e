/** `dayOfWeek()` is compared with days, whether they are written 6 or 6.0; the type check alone would let anything pass. */
import type { ASTNode } from '@marcbachmann/cel-js'
import type { Vocabulary } from './cel-environment.ts'
import { visit } from './vocabulary.ts'

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in'])

/** What is wrong with the days of an expression. */
export function weekdayProblems(node: ASTNode, words: Vocabulary): string[] {
  let asked = 0
  let compared = 0
  visit(node, (inner) => {
    if (isWeekday(inner)) asked += 1
    if (!comparisons.has(inner.op)) return
    const [left, right] = inner.args as [ASTNode, ASTNode]
    if (isWeekday(left) && areDays(right, words)) compared += 1
    if (isWeekday(right) && inner.op !== 'in' && areDays(left, words)) compared += 1
  })
  return asked === compared ? [] : ['dayOfWeek() is 1 (Monday) to 7: compare it with such numbers only']
}

const isWeekday = (node: ASTNode): boolean => node.op === 'call' && node.args[0] === 'dayOfWeek'

function areDays(node: ASTNode, words: Vocabulary): boolean {
  if (node.op === 'list') return node.args.every((item) => areDays(item, words))
  if (node.op === 'id') return typeof words.parameters.get(node.args) === 'number'
  if (node.op !== 'value' || (typeof node.args !== 'bigint' && typeof node.args !== 'number')) return false
  const day = Number(node.args)
  return Number.isInteger(day) && day >= 1 && day <= 7
}

/** One expression of a rule for all device types it applies to: parsed, checked and compiled, or its problems. */
import { type ASTNode, TypeError as CelTypeError, type Environment, ParseError } from '@marcbachmann/cel-js'
import { generateExpression, type Target, UnsupportedExpression } from './generate-code.ts'
import type { Evaluate } from './scope.ts'
import { unknownEnumValues, weekdayProblems } from './semantic-checks.ts'

/** What expressions of one rule are compiled with, for one device type. */
export interface ExpressionContext extends Target {
  readonly environment: Environment
}

export type CompiledExpression =
  | { readonly evaluate: Evaluate<boolean> }
  | { readonly problems: readonly string[] }

const maxCharacters = 4000

/**
 * Compiles a yes/no expression for every context. Returns all problems of all types, each once. For a device of another
 * type the result is unknown, because its values are in other slots.
 */
export function compileExpression(text: string, contexts: readonly ExpressionContext[]): CompiledExpression {
  if (text.length > maxCharacters) return { problems: [`longer than ${maxCharacters} characters`] }
  const problems = new Set<string>()
  const byType = new Map<string, Evaluate<boolean>>()
  for (const context of contexts) {
    const result = compileFor(text, context)
    if (Array.isArray(result)) for (const problem of result) problems.add(problem)
    else byType.set(context.vocabulary.type.type, result)
  }
  if (problems.size > 0) return { problems: [...problems] }
  const [only] = byType.values()
  if (byType.size === 1 && only) return { evaluate: only }
  return { evaluate: (scope) => byType.get(scope.type)?.(scope) }
}

function compileFor(text: string, context: ExpressionContext): Evaluate<boolean> | string[] {
  const { environment, vocabulary } = context
  try {
    const parsed = environment.parse(text)
    const check = parsed.check()
    if (!check.valid) return [`${messageOf(check.error)} (for ${vocabulary.type.type})`]
    if (check.type !== 'bool') return [`gives ${check.type}, not true or false`]
    const node: ASTNode = parsed.ast
    const problems = [...unknownEnumValues(node, vocabulary), ...weekdayProblems(node, vocabulary)]
    return problems.length > 0 ? problems : generateExpression(node, context)
  } catch (error) {
    if (error instanceof UnsupportedExpression) return [error.message]
    if (error instanceof ParseError || error instanceof CelTypeError) return [messageOf(error)]
    throw error
  }
}

function messageOf(error: ParseError | CelTypeError | undefined): string {
  if (!error) return 'not understood'
  const column = error.range ? ` at character ${error.range.start + 1}` : ''
  const hint = /double.*int|int.*double/.test(error.summary) ? '; write whole numbers as 3.0' : ''
  return `${error.summary}${column}${hint}`
}

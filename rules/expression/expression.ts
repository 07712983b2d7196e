/** One expression of a rule for all device types it applies to: parsed, checked, compiled; or what is wrong with it. */
import { type ASTNode, TypeError as CelTypeError, type Environment, ParseError } from '@marcbachmann/cel-js'
import type { Vocabulary } from './cel-environment.ts'
import { compileNode, UnsupportedExpression, type Uses } from './compile.ts'
import type { Evaluate, Layout } from './scope.ts'
import { unknownEnumValues } from './vocabulary.ts'
import { weekdayProblems } from './weekday.ts'

/** A device type as the expressions of one rule see it. */
export interface ExpressionContext {
  readonly vocabulary: Vocabulary
  readonly environment: Environment
  readonly layout: Layout
  /** Slots that the rule's expressions read, filled while they are compiled. */
  readonly reads: Set<number>
  /** Set when one of them asks for such. */
  readonly uses: Uses
}

export type Compiled = { readonly evaluate: Evaluate<boolean> } | { readonly problems: readonly string[] }

const maxCharacters = 4000

/**
 * Compiles a yes/no expression for every dialect. All faults of all types are told, each once. Of a device of another type
 * it knows nothing: that one's values stand in other slots.
 */
export function compileExpression(text: string, dialects: readonly ExpressionContext[]): Compiled {
  if (text.length > maxCharacters) return { problems: [`longer than ${maxCharacters} characters`] }
  const problems = new Set<string>()
  const byType = new Map<string, Evaluate<boolean>>()
  for (const dialect of dialects) {
    const result = compileFor(text, dialect)
    if (Array.isArray(result)) for (const problem of result) problems.add(problem)
    else byType.set(dialect.vocabulary.type.type, result)
  }
  if (problems.size > 0) return { problems: [...problems] }
  const [only] = byType.values()
  if (byType.size === 1 && only) return { evaluate: only }
  return { evaluate: (scope) => byType.get(scope.type)?.(scope) }
}

function compileFor(text: string, dialect: ExpressionContext): Evaluate<boolean> | string[] {
  const type = dialect.vocabulary.type.type
  try {
    const parsed = dialect.environment.parse(text)
    const check = parsed.check()
    if (!check.valid) return [`${summary(check.error)} (for ${type})`]
    if (check.type !== 'bool') return [`gives ${check.type}, not true or false`]
    const node: ASTNode = parsed.ast
    const misspelt = [
      ...unknownEnumValues(node, dialect.vocabulary),
      ...weekdayProblems(node, dialect.vocabulary),
    ]
    if (misspelt.length > 0) return misspelt
    return compileNode(node, dialect)
  } catch (error) {
    if (error instanceof UnsupportedExpression) return [error.message]
    if (error instanceof ParseError || error instanceof CelTypeError) return [summary(error)]
    throw error
  }
}

function summary(error: ParseError | CelTypeError | undefined): string {
  if (!error) return 'not understood'
  const column = error.range ? ` at character ${error.range.start + 1}` : ''
  const hint = /double.*int|int.*double/.test(error.summary) ? '; write whole numbers as 3.0' : ''
  return `${error.summary}${column}${hint}`
}

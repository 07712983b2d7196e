/** Line diff of two texts. Pure. */

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Longer texts are shown as removed and added as a whole; a rule file has some dozen lines. */
const MAX_LINES = 1500

/** Shortest diff with `context` unchanged lines context each change; null = lines left out. */
export function lineDiff(before: string, after: string, context = 2): (DiffLine | null)[] {
  return foldUnchanged(diffLines(before.split('\n'), after.split('\n')), context)
}

function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: 'removed', text })
  const added = (text: string): DiffLine => ({ kind: 'added', text })
  if (before.length > MAX_LINES || after.length > MAX_LINES)
    return [...before.map(removed), ...after.map(added)]
  const common = commonLengths(before, after)
  const lines: DiffLine[] = []
  let [left, right] = [0, 0]
  while (left < before.length && right < after.length) {
    const [old, fresh] = [before[left] ?? '', after[right] ?? '']
    if (old === fresh) {
      lines.push({ kind: 'same', text: old })
      left += 1
      right += 1
    } else if (lengthAt(common, left + 1, right) >= lengthAt(common, left, right + 1)) {
      lines.push(removed(old))
      left += 1
    } else {
      lines.push(added(fresh))
      right += 1
    }
  }
  return [...lines, ...before.slice(left).map(removed), ...after.slice(right).map(added)]
}

/** Length of the longest common subsequence of the lines from (i, j) on. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const best = Math.max(lengthAt(common, i + 1, j), lengthAt(common, i, j + 1))
      const row = common[i] as number[]
      row[j] = before[i] === after[j] ? lengthAt(common, i + 1, j + 1) + 1 : best
    }
  return common
}

const lengthAt = (common: readonly (readonly number[])[], i: number, j: number): number => common[i]?.[j] ?? 0

function foldUnchanged(lines: readonly DiffLine[], context: number): (DiffLine | null)[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same'),
  )
  return lines.flatMap((line, index) => {
    if (near[index]) return [line]
    return index === 0 || near[index - 1] ? [null] : []
  })
}

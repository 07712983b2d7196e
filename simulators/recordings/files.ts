/** Reads the files of a recording line by line. */
import { open, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LinliError } from '../../model/errors.ts'

export interface Line {
  /** `file:line`, for problems. */
  readonly place: string
  /** From 1. */
  readonly number: number
  readonly text: string
}

/**
 * Lines without line ends (LF or CRLF) and byte-order mark; empty ones are skipped.
 * @throws LinliError NOT_FOUND or INVALID_INPUT naming the file
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const name = basename(file)
  let number = 0
  try {
    await using handle = await open(file)
    for await (const raw of handle.readLines({ encoding: 'utf8' })) {
      number++
      const text = number === 1 ? raw.replace(/^\uFEFF/, '') : raw
      if (text.trim() !== '') yield { place: `${name}:${number}`, number, text }
    }
  } catch (error) {
    throw error instanceof LinliError ? error : unreadable(file, error)
  }
}

/** Files of a folder whose name matches, sorted by name. @throws LinliError NOT_FOUND when there is none */
export async function findFiles(
  dir: string,
  pattern: RegExp,
): Promise<{ name: string; path: string; match: RegExpExecArray }[]> {
  let names: string[]
  try {
    names = await readdir(dir)
  } catch (error) {
    throw unreadable(dir, error)
  }
  const found = names.sort().flatMap((name) => {
    const match = pattern.exec(name)
    return match ? [{ name, path: join(dir, name), match }] : []
  })
  if (found.length === 0) throw new LinliError('NOT_FOUND', `no file matching ${pattern.source} in ${dir}`)
  return found
}

function unreadable(path: string, error: unknown): LinliError {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  return missing
    ? new LinliError('NOT_FOUND', `${path} does not exist`, { cause: error })
    : new LinliError(
        'INVALID_INPUT',
        `${path} cannot be read: ${error instanceof Error ? error.message : error}`,
        {
          cause: error,
        },
      )
}

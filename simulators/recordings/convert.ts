/** Turns a recording of real devices into a recorded log and a community file (DESIGN 4.2, 4.3). */
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'yaml'
import { LinliError } from '../../model/errors.ts'
import type { Conversion, RecordingFormat } from './format.ts'
import { recordingFormats } from './formats/table.ts'
import { createProblemLog, type ProblemCount } from './problem-log.ts'

export { recordingFormats }

export interface ConvertOptions {
  /** A key of `recordingFormats`. */
  readonly format: string
  readonly inDir: string
  /** Recorded log to write. */
  readonly out: string
  /** Community file to write. */
  readonly communityPath: string
}

export interface ImportReport {
  readonly format: string
  /** Rows read, broken ones included. */
  readonly rows: number
  readonly messages: number
  readonly devices: number
  readonly problems: readonly ProblemCount[]
}

/**
 * Unreadable rows are counted in the report, never thrown. Both files appear only when both are complete.
 * @throws LinliError USAGE (unknown format, one path for both files), NOT_FOUND (a file is missing) or INVALID_INPUT (wrong
 * format, no readable row, or the files cannot be written)
 */
export async function convertRecording(options: ConvertOptions): Promise<ImportReport> {
  const format = recordingFormats.get(options.format)
  if (!format) {
    const known = [...recordingFormats.keys()].join(', ')
    throw new LinliError('USAGE', `unknown recording format: ${options.format}; known formats: ${known}`)
  }
  if (resolve(options.out) === resolve(options.communityPath))
    throw new LinliError('USAGE', `the log and the community file cannot both be ${options.out}`)
  const problems = createProblemLog()
  const conversion = await format.convert({ dir: options.inDir, problems })
  if (conversion.messages === 0) {
    throw new LinliError(
      'INVALID_INPUT',
      `none of ${conversion.rows} rows in ${options.inDir} could be read`,
      {
        problems: problems.counts().map(({ reason, count, examples }) => ({
          source: examples[0] ?? options.inDir,
          message: `${reason}, ${count} times`,
        })),
      },
    )
  }
  await writeBoth(options, format, conversion)
  return {
    format: format.folder,
    rows: conversion.rows,
    messages: conversion.messages,
    devices: conversion.community.devices?.length ?? 0,
    problems: problems.counts(),
  }
}

async function writeBoth(
  options: ConvertOptions,
  format: RecordingFormat,
  conversion: Conversion,
): Promise<void> {
  const log = `${options.out}.partial`
  const community = `${options.communityPath}.partial`
  try {
    await mkdir(dirname(log), { recursive: true })
    await mkdir(dirname(community), { recursive: true })
    await pipeline(Readable.from(chunks(conversion.lines)), createWriteStream(log))
    await writeFile(community, communityText(format, conversion))
    await rename(log, options.out)
    await rename(community, options.communityPath)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new LinliError('INVALID_INPUT', `the log or the community file cannot be written: ${reason}`, {
      cause: error,
    })
  } finally {
    await Promise.allSettled([log, community].map((path) => rm(path, { force: true })))
  }
}

/** One write per line would cost more than the conversion. */
const LINES_PER_WRITE = 1000

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = []
  for (const line of lines) {
    chunk.push(line, '\n')
    if (chunk.length < 2 * LINES_PER_WRITE) continue
    yield chunk.join('')
    chunk = []
  }
  yield chunk.join('')
}

function communityText(format: RecordingFormat, { community }: Conversion): string {
  return `# ${format.title}\n# ${format.source}\n${stringify(community, { lineWidth: 0 })}`
}

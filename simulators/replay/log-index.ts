/** Positions of the valid lines of a recorded log, in order of `receivedAt`; the log itself stays on disk. */
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { LinliError } from '../../model/errors.ts'
import { parseRecorded, type RecordedMessage } from '../../model/recorded-log.ts'
import { parseTopic } from '../../model/topics.ts'

/** A problem of one line, 1-based. */
export interface BadLine {
  readonly line: number
  readonly fault: string
}

export interface LogIndex {
  readonly lines: number
  readonly messages: number
  /** The first ones; `badCount` counts all. */
  readonly bad: readonly BadLine[]
  readonly badCount: number
  /** Messages in order of `receivedAt`, those of the same time in file order. */
  read(): AsyncGenerator<IndexedMessage>
}

export interface IndexedMessage {
  readonly line: number
  /** ms. */
  readonly receivedAt: number
  readonly device: string
  readonly message: RecordedMessage
}

/** A line is one MQTT payload and its topic; anything longer is not a message. */
const MAX_LINE_BYTES = 1_048_576
const MAX_BAD_LISTED = 20

interface LinePosition {
  readonly line: number
  readonly receivedAt: number
  readonly offset: number
  readonly length: number
}

/**
 * Reads the log once. Bad lines are reported, not fatal.
 * @throws LinliError LOG_INVALID when the file cannot be read or contains no message at all
 */
export async function indexLog(path: string): Promise<LogIndex> {
  const index = await readIndex(path).catch((cause: Error) => {
    throw new LinliError('LOG_INVALID', `cannot read ${path}: ${cause.message}`, { cause })
  })
  if (index.badCount > 0 && index.messages === 0) refuse(path, index)
  return index
}

/** The file is of another kind: one error instead of one per line. */
function refuse(path: string, { bad, badCount }: LogIndex): never {
  throw new LinliError(
    'LOG_INVALID',
    `${path} is not a recorded log: none of its ${badCount} lines is a message`,
    {
      problems: bad.slice(0, 3).map(({ line, fault }) => ({ source: path, line, message: fault })),
    },
  )
}

async function readIndex(path: string): Promise<LogIndex> {
  const positions: LinePosition[] = []
  const bad: BadLine[] = []
  let badCount = 0
  let lines = 0
  for await (const { offset, bytes } of linesOf(path)) {
    lines++
    const text = bytes.toString().trim()
    if (text === '') continue
    const found = bytes.length > MAX_LINE_BYTES ? { fault: 'longer than 1 MiB' } : check(text)
    if ('fault' in found) {
      badCount++
      if (bad.length < MAX_BAD_LISTED) bad.push({ line: lines, fault: found.fault })
      continue
    }
    positions.push({ line: lines, receivedAt: found.receivedAt, offset, length: bytes.length })
  }
  // Sorting is stable, so messages of the same time keep the file order.
  positions.sort((a, b) => a.receivedAt - b.receivedAt)
  return { lines, messages: positions.length, bad, badCount, read: () => readPositions(path, positions) }
}

function check(text: string): { readonly receivedAt: number } | { readonly fault: string } {
  const message = parseRecorded(text)
  if ('fault' in message) return message
  const topic = parseTopic(message.topic)
  if (!topic || topic.channel === 'cmd')
    return { fault: `not a topic a device publishes: ${message.topic.slice(0, 100)}` }
  return { receivedAt: Date.parse(message.receivedAt) }
}

async function* readPositions(
  path: string,
  positions: readonly LinePosition[],
): AsyncGenerator<IndexedMessage> {
  const file = await open(path)
  try {
    for (const position of positions) yield await readPosition(file, position)
  } finally {
    await file.close()
  }
}

async function readPosition(
  file: FileHandle,
  { line, receivedAt, offset, length }: LinePosition,
): Promise<IndexedMessage> {
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, offset)
  const message = parseRecorded(buffer.toString())
  const topic = 'fault' in message ? undefined : parseTopic(message.topic)
  if ('fault' in message || !topic)
    throw new LinliError('LOG_INVALID', `line ${line} of the log has changed during the replay`)
  return { line, receivedAt, device: topic.device, message }
}

/** Lines with their byte offset; the last one needs no line break. */
async function* linesOf(path: string): AsyncGenerator<{ offset: number; bytes: Buffer }> {
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const block: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10, start)) {
      yield { offset: offset + start, bytes: block.subarray(start, end) }
      start = end + 1
    }
    offset += start
    rest = block.subarray(start)
  }
  if (rest.length > 0) yield { offset, bytes: rest }
}

/** A recording converted into a temporary folder and read back, so that tests judge what was written. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { communityFile } from '../../model/community-file.ts'
import { parseRecorded } from '../../model/recorded-log.ts'
import { parseTopic, type TopicParts } from '../../model/topics.ts'
import { convertRecording } from '../../simulators/recordings/convert.ts'

export interface ReadMessage extends TopicParts {
  readonly at: number
  readonly payload: Readonly<Record<string, unknown>>
}

/** Lines and community as written, with the report. */
export async function convertFolder(format: string, inDir: string) {
  const dir = mkdtempSync(join(tmpdir(), 'linli-recording-'))
  try {
    const out = join(dir, 'out', 'log.jsonl')
    const communityPath = join(dir, 'out', 'community.yaml')
    const report = await convertRecording({ format, inDir, out, communityPath })
    const communityText = readFileSync(communityPath, 'utf8')
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
    return { report, communityText, community: communityFile.parse(parse(communityText)), lines }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** Of a form that records devices. Throws at a line or topic that is not of the recorded log. */
export async function convertMessages(format: string, inDir: string) {
  const converted = await convertFolder(format, inDir)
  return { ...converted, messages: converted.lines.map(readMessage) }
}

function readMessage(line: string): ReadMessage {
  const message = parseRecorded(line)
  if ('fault' in message) throw new Error(`${message.fault}: ${line}`)
  const parts = parseTopic(message.topic)
  if (!parts) throw new Error(`no such topic: ${message.topic}`)
  return { ...parts, at: Date.parse(message.receivedAt), payload: message.payload }
}

/** A recording made up for a test: file name to text. */
export async function withRecording<T>(
  files: Readonly<Record<string, string>>,
  work: (dir: string) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'linli-recorded-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
    return await work(dir)
  } finally {
    rmSync(dir, { recursive: true })
  }
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { requestLogHeader } from '../../model/recorded-request.ts'
import { buildTopic } from '../../model/topics.ts'
import { temporaryFolder } from '../../tests/support/temporary-folder.ts'
import { indexLog, type LogIndex } from './log-index.ts'

const topic = buildTopic({ site: 's', type: 'bin', device: 'bin-1', channel: 'telemetry' })
const line = (second: number, payload: Record<string, unknown> = {}) =>
  JSON.stringify({ receivedAt: new Date(second * 1000).toISOString(), topic, payload })

function logOf(text: string): string {
  const path = join(temporaryFolder(), 'log.jsonl')
  writeFileSync(path, text)
  return path
}
async function read(index: LogIndex): Promise<number[]> {
  const lines: number[] = []
  for await (const one of index.read()) lines.push(one.line)
  return lines
}

describe('indexLog', () => {
  test('returns messages by time, those of the same time in file order', async () => {
    const index = await indexLog(logOf([line(5), line(1), line(3), line(1)].join('\n')))
    expect(await read(index)).toEqual([2, 4, 3, 1])
    expect(index).toMatchObject({ lines: 4, messages: 4, badCount: 0 })
  })

  test('accepts any line break, blank lines, a missing last line break and multi-byte characters', async () => {
    const index = await indexLog(logOf(`${line(1, { note: '灯' })}\r\n\n${line(2, { note: '门' })}`))
    const notes: unknown[] = []
    for await (const one of index.read()) notes.push(one.message.payload.note)
    expect(notes).toEqual(['灯', '门'])
  })

  test('reads logs larger than one block', async () => {
    const padding = { note: 'x'.repeat(1000) }
    const many = Array.from({ length: 3000 }, (_, index) => line(3000 - index, padding))
    const index = await indexLog(logOf(many.join('\n')))
    expect(await read(index)).toEqual(Array.from({ length: 3000 }, (_, at) => 3000 - at))
  })

  test.each([
    ['not json', 'not JSON'],
    ['[]', 'not an object'],
    [JSON.stringify({ receivedAt: 'noon', topic, payload: {} }), 'not an ISO 8601 time'],
    [JSON.stringify({ receivedAt: '2026-03-01T00:00:00Z', topic: 'a/b', payload: {} }), 'a/b'],
    [line(1, { note: 'x'.repeat(1_100_000) }), 'longer than'],
  ])('reports a bad line and continues: %.40s', async (text, fault) => {
    const index = await indexLog(logOf(`${line(1)}\n${text}\n${line(2)}\n`))
    expect(await read(index)).toEqual([1, 3])
    expect(index.badCount).toBe(1)
    expect(index.bad[0]?.line).toBe(2)
    expect(index.bad[0]?.fault).toContain(fault)
  })

  test('rejects a file without a single message as another kind of file', async () => {
    const path = logOf(`${JSON.stringify(requestLogHeader)}\n{}\n{}\n{}\n{}\n`)
    await expect(indexLog(path)).rejects.toMatchObject({
      code: 'LOG_INVALID',
      message: expect.stringContaining('none of its 5 lines'),
      problems: [1, 2, 3].map((line) => expect.objectContaining({ source: path, line })),
    })
  })

  test('accepts an empty log, rejects an unreadable one', async () => {
    expect(await read(await indexLog(logOf('')))).toEqual([])
    await expect(indexLog(join(temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'LOG_INVALID' })
  })
})

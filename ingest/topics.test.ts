import { expect, test } from 'vitest'
import { parseTopic } from '../model/topics.ts'
import { topicMemory } from './topics.ts'

test('answers as parseTopic, the second time too', () => {
  const parts = topicMemory()
  const topics = ['community/garden/bin/bin-1/telemetry', 'community/garden/bin/bin-1/cmd', 'garden/bin', '']
  for (const topic of [...topics, ...topics]) expect(parts(topic)).toEqual(parseTopic(topic))
})

/** Parsed topics by their text: a device sends on the same few all its life. */
import { parseTopic, type TopicParts } from '../model/topics.ts'

/** Four topics of each of 25,000 devices; beyond that the memory starts anew. */
const MAX_TOPICS = 100_000

export function topicMemory(): (topic: string) => TopicParts | undefined {
  const known = new Map<string, TopicParts>()
  return (topic) => {
    const found = known.get(topic)
    if (found) return found
    const parts = parseTopic(topic)
    if (!parts) return undefined
    if (known.size >= MAX_TOPICS) known.clear()
    known.set(topic, parts)
    return parts
  }
}

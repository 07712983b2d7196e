/** After the past was judged again: what was told before against what is right now, and the findings that mend it. */
import { correctedText, endedText, retractedText } from './texts.ts'
import type { Episode, Transition } from './types.ts'

/** One episode as a list of transitions tells it. */
interface Story {
  episode: Episode
  readonly began: Transition | undefined
  last: Transition | undefined
  readonly transitions: Transition[]
  endedAt: number | undefined
  /** Open before the first transition. */
  readonly carried: boolean
}

/**
 * `open` is the rule's episode at the instant from which it was judged again, `before` what was told from there on,
 * `after` what is right. All of one rule on one timeline. Returned transitions make the second out of the first.
 */
export function reconcile(
  open: Episode | undefined,
  before: readonly Transition[],
  after: readonly Transition[],
): Transition[] {
  const told = stories(open, before)
  const right = stories(open, after)
  const match = pair(told, right)
  const mended = right.flatMap((story) => {
    const former = match.get(story)
    return former ? mend(former, story) : []
  })
  const kept = new Set(match.values())
  const ids = new Set([...kept].map(({ episode }) => episode.id))
  const fresh = right
    .filter((story) => !match.has(story))
    .flatMap((story) => bringBack(story, before) ?? introduce(story, ids))
  const gone = told.filter((story) => !kept.has(story)).flatMap((story) => retract(story, after))
  return [...gone, ...mended, ...fresh]
}

/** Which told story each right one is: the one raised at the same time, otherwise one that it overlaps. */
function pair(told: readonly Story[], right: readonly Story[]): Map<Story, Story> {
  const match = new Map<Story, Story>()
  const left = new Set(told)
  for (const belongs of [isSame, overlaps]) {
    for (const story of right) {
      const former = match.has(story) ? undefined : [...left].find((one) => belongs(one, story))
      if (!former) continue
      left.delete(former)
      match.set(story, former)
    }
  }
  return match
}

/** A story that nobody was told; an id that another one keeps is not used twice. */
function introduce({ transitions, episode }: Story, ids: Set<string>): Transition[] {
  let { id } = episode
  while (ids.has(id)) id = `${id}+`
  ids.add(id)
  for (const transition of transitions) transition.episode.id = id
  return transitions
}

/** One that was open already, was told as taken back, and is right after all: nothing that comes later would say so. */
function bringBack(
  { carried, endedAt, episode }: Story,
  before: readonly Transition[],
): Transition[] | undefined {
  if (!carried || endedAt !== undefined) return undefined
  const taken = before.find(({ change, episode: { id } }) => change === 'retracted' && id === episode.id)
  if (!taken) return undefined
  return [
    {
      ...taken,
      episode,
      change: 'corrected',
      at: episode.raisedAt,
      ended: false,
      reason: correctedText,
      lateBy: undefined,
    },
  ]
}

function stories(open: Episode | undefined, transitions: readonly Transition[]): Story[] {
  const found: Story[] = []
  if (open) found.push(newStory(open, undefined))
  for (const transition of transitions) {
    const { change, episode, at } = transition
    if (change === 'began') {
      found.push(newStory(episode, transition))
      continue
    }
    const story = found.find((one) => one.episode.id === episode.id)
    if (!story) continue
    story.last = transition
    story.transitions.push(transition)
    if (change === 'severity') story.episode = episode
    if (change === 'ended') story.endedAt = at
    if (change === 'retracted') found.splice(found.indexOf(story), 1)
  }
  return found
}

function newStory(episode: Episode, began: Transition | undefined): Story {
  const transitions = began ? [began] : []
  return { episode, began, last: began, transitions, endedAt: undefined, carried: !began }
}

const isSame = (told: Story, right: Story): boolean =>
  told.carried === right.carried && told.episode.raisedAt === right.episode.raisedAt

function overlaps(told: Story, right: Story): boolean {
  if (told.carried || right.carried) return told.carried && right.carried
  const toldEnd = told.endedAt ?? Number.POSITIVE_INFINITY
  const rightEnd = right.endedAt ?? Number.POSITIVE_INFINITY
  return told.episode.startedAt <= rightEnd && right.episode.startedAt <= toldEnd
}

function mend(told: Story, right: Story): Transition[] {
  const last = right.last ?? told.last
  if (!last) return []
  const former = told.episode
  // The id people already know stays; these very objects are what the state and the ring hold.
  for (const transition of right.transitions) transition.episode.id = former.id
  const episode = right.episode
  const mended: Transition[] = []
  const moved = former.startedAt !== episode.startedAt || former.raisedAt !== episode.raisedAt
  const { endedAt } = right
  const isOver = endedAt !== undefined
  const base = { ...(right.began ?? last), episode, lateBy: undefined }
  if (!isOver && (moved || told.endedAt !== undefined)) {
    // Of one that was open already only its end was told meanwhile, and those are no words for what goes on.
    const reason = right.began?.reason ?? correctedText
    mended.push({ ...base, change: 'corrected', at: episode.raisedAt, ended: false, reason })
  }
  if (former.severity !== episode.severity)
    mended.push({ ...base, change: 'severity', at: last.at, ended: isOver && told.endedAt !== undefined })
  if (endedAt === undefined || (told.endedAt === endedAt && !moved)) return mended
  const end = { ...base, at: endedAt, ended: true }
  if (told.endedAt === undefined && !moved) mended.push({ ...end, change: 'ended', reason: endedText })
  else mended.push({ ...end, change: 'corrected', reason: correctedText })
  return mended
}

/** Of one that was open already and that the messages after it took back, only they (`after`) tell how. */
function retract({ episode, began, last }: Story, after: readonly Transition[]): Transition[] {
  const base = began ?? last ?? after.find((one) => one.ended && one.episode.id === episode.id)
  if (!base) return []
  return [
    {
      ...base,
      episode,
      change: 'retracted',
      at: episode.raisedAt,
      ended: true,
      reason: retractedText,
      lateBy: undefined,
    },
  ]
}

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
  const mended: Transition[] = []
  const left = new Set(told)
  for (const story of right) {
    const match = [...left].find((former) => belongs(former, story))
    if (match) {
      left.delete(match)
      mended.push(...mend(match, story))
    } else mended.push(...story.transitions)
  }
  const gone = [...left].flatMap((story) => retract(story))
  return [...gone, ...mended]
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

/** The same episode: both were open before, or they overlap in time. */
function belongs(told: Story, right: Story): boolean {
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
  const reopened = told.endedAt !== undefined && right.endedAt === undefined
  if (moved || reopened) {
    const base = right.began ?? last
    mended.push({
      ...base,
      episode,
      change: 'corrected',
      at: episode.raisedAt,
      ended: false,
      lateBy: undefined,
    })
  }
  if (former.severity !== episode.severity)
    mended.push({ ...last, episode, change: 'severity', ended: false, at: last.at })
  if (right.endedAt === undefined) return mended
  const end = { ...last, episode, at: right.endedAt, ended: true }
  if (told.endedAt === undefined) mended.push({ ...end, change: 'ended', reason: endedText })
  else if (told.endedAt !== right.endedAt || moved)
    mended.push({ ...end, change: 'corrected', reason: correctedText })
  return mended
}

function retract({ episode, began, last }: Story): Transition[] {
  const base = began ?? last
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

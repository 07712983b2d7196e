/** Compares published transitions with those of a reevaluation, and corrects the difference. */
import { correctedText, endedText, retractedText } from '../evaluate/texts.ts'
import type { Episode, Transition } from '../types.ts'

/** One episode, built from a list of transitions. */
interface EpisodeSpan {
  episode: Episode
  readonly began: Transition | undefined
  last: Transition | undefined
  readonly transitions: Transition[]
  endedAt: number | undefined
  /** Open before the first transition. */
  readonly carried: boolean
}

/**
 * Returns the transitions that turn `before` (published) into `after` (right). `open` is the rule's episode at the
 * start of the reevaluated time. All of one rule on one timeline.
 */
export function reconcile(
  open: Episode | undefined,
  before: readonly Transition[],
  after: readonly Transition[],
): Transition[] {
  const emitted = spansOf(open, before)
  const right = spansOf(open, after)
  const match = pair(emitted, right)
  const corrections = right.flatMap((span) => {
    const former = match.get(span)
    return former ? correct(former, span) : []
  })
  const kept = new Set(match.values())
  const ids = new Set([...kept].map(({ episode }) => episode.id))
  const fresh = right
    .filter((span) => !match.has(span))
    .flatMap((span) => reopen(span, before) ?? begin(span, ids))
  const gone = emitted.filter((span) => !kept.has(span)).flatMap((span) => retract(span, after))
  return [...gone, ...corrections, ...fresh]
}

/** For each right episode the published one: raised at the same time, otherwise overlapping. */
function pair(emitted: readonly EpisodeSpan[], right: readonly EpisodeSpan[]): Map<EpisodeSpan, EpisodeSpan> {
  const match = new Map<EpisodeSpan, EpisodeSpan>()
  const left = new Set(emitted)
  for (const belongs of [isSame, overlaps]) {
    for (const span of right) {
      const former = match.has(span) ? undefined : [...left].find((one) => belongs(one, span))
      if (!former) continue
      left.delete(former)
      match.set(span, former)
    }
  }
  return match
}

/** An episode not published yet; its id must differ from those of published ones. */
function begin({ transitions, episode }: EpisodeSpan, ids: Set<string>): Transition[] {
  let { id } = episode
  while (ids.has(id)) id = `${id}+`
  ids.add(id)
  for (const transition of transitions) transition.episode.id = id
  return transitions
}

/**
 * An episode that was open before, was published as retracted and is open after all: no later transition would report
 * it.
 */
function reopen(
  { carried, endedAt, episode }: EpisodeSpan,
  before: readonly Transition[],
): Transition[] | undefined {
  if (!carried || endedAt !== undefined) return undefined
  const retraction = before.find(({ change, episode: { id } }) => change === 'retracted' && id === episode.id)
  if (!retraction) return undefined
  return [
    {
      ...retraction,
      episode,
      change: 'corrected',
      at: episode.raisedAt,
      ended: false,
      reason: correctedText,
      lateBy: undefined,
    },
  ]
}

function spansOf(open: Episode | undefined, transitions: readonly Transition[]): EpisodeSpan[] {
  const found: EpisodeSpan[] = []
  if (open) found.push(newSpan(open, undefined))
  for (const transition of transitions) {
    const { change, episode, at } = transition
    if (change === 'began') {
      found.push(newSpan(episode, transition))
      continue
    }
    const span = found.find((one) => one.episode.id === episode.id)
    if (!span) continue
    span.last = transition
    span.transitions.push(transition)
    if (change === 'severity') span.episode = episode
    if (change === 'ended') span.endedAt = at
    if (change === 'retracted') found.splice(found.indexOf(span), 1)
  }
  return found
}

function newSpan(episode: Episode, began: Transition | undefined): EpisodeSpan {
  const transitions = began ? [began] : []
  return { episode, began, last: began, transitions, endedAt: undefined, carried: !began }
}

const isSame = (emitted: EpisodeSpan, right: EpisodeSpan): boolean =>
  emitted.carried === right.carried && emitted.episode.raisedAt === right.episode.raisedAt

function overlaps(emitted: EpisodeSpan, right: EpisodeSpan): boolean {
  if (emitted.carried || right.carried) return emitted.carried && right.carried
  const emittedEnd = emitted.endedAt ?? Number.POSITIVE_INFINITY
  const rightEnd = right.endedAt ?? Number.POSITIVE_INFINITY
  return emitted.episode.startedAt <= rightEnd && right.episode.startedAt <= emittedEnd
}

function correct(emitted: EpisodeSpan, right: EpisodeSpan): Transition[] {
  const last = right.last ?? emitted.last
  if (!last) return []
  const former = emitted.episode
  // The published id stays; state and ring refer to these same objects.
  for (const transition of right.transitions) transition.episode.id = former.id
  const episode = right.episode
  const corrections: Transition[] = []
  const moved = former.startedAt !== episode.startedAt || former.raisedAt !== episode.raisedAt
  const { endedAt } = right
  const isOver = endedAt !== undefined
  const base = { ...(right.began ?? last), episode, lateBy: undefined }
  if (!isOver && (moved || emitted.endedAt !== undefined)) {
    // For an episode that was already open only its end was published, and that reason does not fit an open one.
    const reason = right.began?.reason ?? correctedText
    corrections.push({ ...base, change: 'corrected', at: episode.raisedAt, ended: false, reason })
  }
  if (former.severity !== episode.severity)
    corrections.push({
      ...base,
      change: 'severity',
      at: last.at,
      ended: isOver && emitted.endedAt !== undefined,
    })
  if (endedAt === undefined || (emitted.endedAt === endedAt && !moved)) return corrections
  const end = { ...base, at: endedAt, ended: true }
  if (emitted.endedAt === undefined && !moved)
    corrections.push({ ...end, change: 'ended', reason: endedText })
  else corrections.push({ ...end, change: 'corrected', reason: correctedText })
  return corrections
}

/** For an episode that was already open only `after` has the transition that ended it. */
function retract({ episode, began, last }: EpisodeSpan, after: readonly Transition[]): Transition[] {
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

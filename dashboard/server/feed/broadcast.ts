/** Sends to many consoles at once. Consoles with the same previous seq share one packet, so it is serialised once. */
import type { Change } from '../../../model/change.ts'
import type { FeedTick } from '../../../model/live-feed.ts'
import { type FeedConsole, type FeedServer, queuedPackets } from './console.ts'

/** Queued packets above which ticks are withheld, so that a console that lags shows its data as stale. */
const MAX_QUEUED_FOR_TICK = 100

/** Sends one change to every live console that may see it and has not received it yet. */
export function sendChange(io: FeedServer, consoles: Iterable<FeedConsole>, change: Change): void {
  const byPrevious = new Map<number, string[]>()
  for (const console of consoles) {
    if (!console.live || change.seq <= console.position) continue
    console.position = change.seq
    if (!console.scope.includes(change)) continue
    addTo(byPrevious, console.lastSent, console.socket.id)
    console.lastSent = change.seq
  }
  for (const [prevSeq, ids] of byPrevious) io.to(ids).emit('change', { ...change, prevSeq })
}

/**
 * `head` is, per console, the newest change sent to it: a console whose state is older has a gap. Consoles with a long
 * queue get no tick, so they show their data as stale.
 */
export function sendTicks(
  io: FeedServer,
  consoles: Iterable<FeedConsole>,
  { logHead, tick }: { readonly logHead: number; readonly tick: Omit<FeedTick, 'head'> },
): void {
  const byHead = new Map<number, string[]>()
  for (const console of consoles) {
    if (queuedPackets(console) > MAX_QUEUED_FOR_TICK) continue
    addTo(byHead, console.live ? console.lastSent : logHead, console.socket.id)
  }
  for (const [head, ids] of byHead) io.to(ids).emit('tick', { ...tick, head })
}

function addTo(groups: Map<number, string[]>, key: number, id: string): void {
  const ids = groups.get(key)
  if (ids) ids.push(id)
  else groups.set(key, [id])
}

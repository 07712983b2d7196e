/** What goes to many consoles at once; those at the same point of their chain get the same bytes, framed once. */
import type { Change } from '../../../model/change.ts'
import type { FeedTick } from '../../../model/live-feed.ts'
import { type FeedConsole, type FeedServer, waitingPackets } from './console.ts'

/** Above so many packets a tick would only say that what it follows is late. */
const MAX_WAITING_FOR_TICK = 100

/** Sends one change to every live console that may see it and has not been told yet. */
export function sendChange(io: FeedServer, consoles: Iterable<FeedConsole>, change: Change): void {
  const byPrevious = new Map<number, string[]>()
  for (const console of consoles) {
    if (!console.live || change.seq <= console.position) continue
    console.position = change.seq
    if (!console.scope.sees(change)) continue
    addTo(byPrevious, console.lastSent, console.socket.id)
    console.lastSent = change.seq
  }
  for (const [prevSeq, ids] of byPrevious) io.to(ids).emit('change', { ...change, prevSeq })
}

/**
 * `head` is, for each console, the newest change that was for it: one that holds less has a gap. A console with much
 * waiting gets no tick, so it shows its data as stale, which they are.
 */
export function sendTicks(
  io: FeedServer,
  consoles: Iterable<FeedConsole>,
  { logHead, tick }: { readonly logHead: number; readonly tick: Omit<FeedTick, 'head'> },
): void {
  const byHead = new Map<number, string[]>()
  for (const console of consoles) {
    if (waitingPackets(console) > MAX_WAITING_FOR_TICK) continue
    addTo(byHead, console.live ? console.lastSent : logHead, console.socket.id)
  }
  for (const [head, ids] of byHead) io.to(ids).emit('tick', { ...tick, head })
}

function addTo(groups: Map<number, string[]>, key: number, id: string): void {
  const ids = groups.get(key)
  if (ids) ids.push(id)
  else groups.set(key, [id])
}

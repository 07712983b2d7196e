/** The conflated channel: each console names the devices it watches and gets their newest values, at most twice a second. */
import type { LatestReading } from '../../../model/live-feed.ts'
import type { LatestReadings } from '../deps.ts'
import { type FeedConsole, isIdle } from './console.ts'

export interface Telemetry {
  /** Replaces what the console watches; the newest values of all of it go out with the next flush. */
  watch(console: FeedConsole, devices: readonly string[]): void
  forget(console: FeedConsole): void
  /** Marks devices whose values changed. */
  changed(devices: readonly string[]): void
  /** Sends what changed to consoles whose line is free; the others get the newer value later. */
  flush(): void
}

interface Wish {
  readonly devices: ReadonlySet<string>
  readonly due: Set<string>
}

export function createTelemetry(registry: Pick<LatestReadings, 'latest'>): Telemetry {
  const wishes = new Map<FeedConsole, Wish>()
  const watchers = new Map<string, Set<Wish>>()

  const forget = (console: FeedConsole): void => {
    const wish = wishes.get(console)
    if (!wish) return
    wishes.delete(console)
    for (const device of wish.devices) {
      const others = watchers.get(device)
      others?.delete(wish)
      if (others?.size === 0) watchers.delete(device)
    }
  }
  return {
    watch(console, devices) {
      forget(console)
      const wish: Wish = { devices: new Set(devices), due: new Set(devices) }
      wishes.set(console, wish)
      for (const device of wish.devices) {
        const others = watchers.get(device)
        if (others) others.add(wish)
        else watchers.set(device, new Set([wish]))
      }
    },
    forget,
    changed(devices) {
      if (watchers.size === 0) return
      for (const device of devices) {
        for (const wish of watchers.get(device) ?? []) wish.due.add(device)
      }
    },
    flush() {
      for (const [console, { due }] of wishes) {
        if (due.size === 0 || !isIdle(console)) continue
        const readings = newest(registry, due)
        due.clear()
        // Not volatile: a line that is just writing a tick would drop the only value of a slow sensor.
        if (readings.length > 0) console.socket.emit('telemetry', readings)
      }
    },
  }
}

function newest(registry: Pick<LatestReadings, 'latest'>, devices: ReadonlySet<string>): LatestReading[] {
  return [...devices].flatMap((device) => registry.latest(device) ?? [])
}

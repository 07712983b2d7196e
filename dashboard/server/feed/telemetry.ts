/** The conflated telemetry channel: newest values of the devices that a console watches, at most twice a second. */
import type { LatestReading } from '../../../model/live-feed.ts'
import type { LatestReadings } from '../deps.ts'
import { type FeedConsole, isIdle } from './console.ts'

export interface Telemetry {
  /** Replaces the console's subscription; the newest values of all its devices go out with the next flush. */
  watch(console: FeedConsole, devices: readonly string[]): void
  unwatch(console: FeedConsole): void
  /** Marks devices with new values. */
  markChanged(devices: readonly string[]): void
  /** Sends marked values to consoles without a queue; the others get a newer value later. */
  flush(): void
}

interface Subscription {
  readonly devices: ReadonlySet<string>
  readonly due: Set<string>
}

export function createTelemetry(registry: Pick<LatestReadings, 'latest'>): Telemetry {
  const subscriptions = new Map<FeedConsole, Subscription>()
  const watchers = new Map<string, Set<Subscription>>()

  const unwatch = (console: FeedConsole): void => {
    const subscription = subscriptions.get(console)
    if (!subscription) return
    subscriptions.delete(console)
    for (const device of subscription.devices) {
      const others = watchers.get(device)
      others?.delete(subscription)
      if (others?.size === 0) watchers.delete(device)
    }
  }
  return {
    watch(console, devices) {
      unwatch(console)
      const subscription: Subscription = { devices: new Set(devices), due: new Set(devices) }
      subscriptions.set(console, subscription)
      for (const device of subscription.devices) {
        const others = watchers.get(device)
        if (others) others.add(subscription)
        else watchers.set(device, new Set([subscription]))
      }
    },
    unwatch,
    markChanged(devices) {
      if (watchers.size === 0) return
      for (const device of devices) {
        for (const subscription of watchers.get(device) ?? []) subscription.due.add(device)
      }
    },
    flush() {
      for (const [console, { due }] of subscriptions) {
        if (due.size === 0 || !isIdle(console)) continue
        const readings = newestReadings(registry, due)
        due.clear()
        // Not volatile: a transport that is writing a tick would drop the only value of a slow sensor.
        if (readings.length > 0) console.socket.emit('telemetry', readings)
      }
    },
  }
}

function newestReadings(
  registry: Pick<LatestReadings, 'latest'>,
  devices: ReadonlySet<string>,
): LatestReading[] {
  return [...devices].flatMap((device) => registry.latest(device) ?? [])
}

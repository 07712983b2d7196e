/** The tone for critical alerts: off until the user enables it (browsers require a gesture); can be muted. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { needsAttention } from '../shared/feed/new-alerts.ts'
import { useFeed } from '../shared/feed/store.ts'

/** Two falling notes, Hz and s; short, so that phone calls stay understandable. */
const criticalTone = [
  { frequency: 880, at: 0, duration: 0.16 },
  { frequency: 660, at: 0.2, duration: 0.22 },
]
const disconnectedTone = [{ frequency: 330, at: 0, duration: 0.5 }]
const VOLUME = 0.18

type Tone = readonly { readonly frequency: number; readonly at: number; readonly duration: number }[]

function play(context: AudioContext, tone: Tone): void {
  for (const { frequency, at, duration } of tone) {
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    const start = context.currentTime + at
    oscillator.frequency.value = frequency
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(VOLUME, start + 0.02)
    gain.gain.linearRampToValueAtTime(0, start + duration)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(start)
    oscillator.stop(start + duration)
  }
}

export const useAlarmSound = defineStore('alarm-sound', () => {
  const feed = useFeed()
  const state = ref<'off' | 'on' | 'muted'>('off')
  let context: AudioContext | null = null

  const isCalling = computed(() =>
    [...feed.state.alerts.values()].some(
      (alert) => alert.severity === 'critical' && needsAttention(alert, feed.slowNow),
    ),
  )

  /** Must be called from a click. Plays the tone once as a test. */
  async function enable(): Promise<void> {
    context ??= new AudioContext()
    await context.resume()
    state.value = 'on'
    play(context, criticalTone)
  }

  const toggleMute = (): void => {
    state.value = state.value === 'on' ? 'muted' : 'on'
  }

  // Driven by the server's ticks: browsers throttle timers of hidden pages, but not messages.
  watch(
    () => feed.tick,
    (tick) => {
      if (tick && context && state.value === 'on' && isCalling.value && feed.live) play(context, criticalTone)
    },
  )
  watch(
    () => feed.fresh.state,
    (next) => {
      if (next === 'stale' && context && state.value === 'on') play(context, disconnectedTone)
    },
  )
  // Mute applies to the current critical alerts; a new one sounds again.
  feed.onNewAlerts((alerts) => {
    if (state.value === 'muted' && alerts.some((alert) => alert.severity === 'critical')) state.value = 'on'
  })

  return { state, isCalling, enable, toggleMute }
})

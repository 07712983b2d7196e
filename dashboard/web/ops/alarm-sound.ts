/** The tone for critical alerts: off until a person enables it (browsers need a gesture), always mutable. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { wantsAttention } from '../shared/feed/new-alerts.ts'
import { useFeed } from '../shared/feed/store.ts'

/** Two falling notes, Hz and s; short, so that speech over a telephone stays understandable. */
const criticalTone = [
  { frequency: 880, at: 0, length: 0.16 },
  { frequency: 660, at: 0.2, length: 0.22 },
]
const lostTone = [{ frequency: 330, at: 0, length: 0.5 }]
const VOLUME = 0.18

type Tone = readonly { readonly frequency: number; readonly at: number; readonly length: number }[]

function play(context: AudioContext, tone: Tone): void {
  for (const { frequency, at, length } of tone) {
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    const start = context.currentTime + at
    oscillator.frequency.value = frequency
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(VOLUME, start + 0.02)
    gain.gain.linearRampToValueAtTime(0, start + length)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(start)
    oscillator.stop(start + length)
  }
}

export const useAlarmSound = defineStore('alarm-sound', () => {
  const feed = useFeed()
  const state = ref<'off' | 'on' | 'muted'>('off')
  let context: AudioContext | null = null

  const calling = computed(() =>
    [...feed.state.alerts.values()].some(
      (alert) => alert.severity === 'critical' && wantsAttention(alert, feed.slowNow),
    ),
  )

  /** Must be called by a click. Plays the tone once, as a test. */
  async function enable(): Promise<void> {
    context ??= new AudioContext()
    await context.resume()
    state.value = 'on'
    play(context, criticalTone)
  }

  const toggleMute = (): void => {
    state.value = state.value === 'on' ? 'muted' : 'on'
  }

  // Driven by the server's ticks: browsers slow timers of hidden pages down, but not messages.
  watch(
    () => feed.tick,
    (tick) => {
      if (tick && context && state.value === 'on' && calling.value && feed.live) play(context, criticalTone)
    },
  )
  watch(
    () => feed.fresh.state,
    (next) => {
      if (next === 'stale' && context && state.value === 'on') play(context, lostTone)
    },
  )
  // A mute is for what is calling now; the next critical alert must be heard.
  feed.onArrivals((alerts) => {
    if (state.value === 'muted' && alerts.some((alert) => alert.severity === 'critical')) state.value = 'on'
  })

  return { state, calling, enable, toggleMute }
})

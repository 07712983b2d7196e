/** Short messages at the edge of the screen: what was done, and what could not be done. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly tone: 'done' | 'failed'
}

/** Long enough to read a sentence in a second language; failures stay until dismissed. */
const STAY_MS = 6_000
const MOST = 4

export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  let nextId = 1

  const dismiss = (id: number): void => {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  function add(text: string, tone: Notice['tone'] = 'done'): void {
    const id = nextId++
    notices.value = [...notices.value.filter((notice) => notice.text !== text), { id, text, tone }].slice(
      -MOST,
    )
    if (tone === 'done') setTimeout(() => dismiss(id), STAY_MS)
  }

  return { notices, add, dismiss }
})

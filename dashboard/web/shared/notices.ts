/** Short messages at the edge of the screen: successes and failures of commands. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly tone: 'done' | 'failed'
}

/** Time that a success is shown; failures stay until dismissed. */
const SHOW_MS = 6_000
const MAX_NOTICES = 4

export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  let nextId = 1

  const dismiss = (id: number): void => {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  function add(text: string, tone: Notice['tone'] = 'done'): void {
    const id = nextId++
    notices.value = [...notices.value.filter((notice) => notice.text !== text), { id, text, tone }].slice(
      -MAX_NOTICES,
    )
    if (tone === 'done') setTimeout(() => dismiss(id), SHOW_MS)
  }

  return { notices, add, dismiss }
})

/** HTML attributes that are missing in Vue's types. */
import 'vue'

declare module '@vue/runtime-dom' {
  interface HTMLAttributes {
    popover?: '' | 'auto' | 'manual'
  }
  interface ButtonHTMLAttributes {
    popovertarget?: string
  }
}

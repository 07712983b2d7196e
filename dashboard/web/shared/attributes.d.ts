/** Attributes of the platform that Vue's types do not know yet. */
import 'vue'

declare module '@vue/runtime-dom' {
  interface HTMLAttributes {
    popover?: '' | 'auto' | 'manual'
  }
  interface ButtonHTMLAttributes {
    popovertarget?: string
  }
}

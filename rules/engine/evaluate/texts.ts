/** Reasons of findings when an episode changes; the reason of its beginning comes from the rule. */
import type { Text } from '../../../model/text.ts'

export const endedText: Text = { zh: '情况已解除', en: 'The condition is over' }
export const removedText: Text = {
  zh: '设备已移除，或规则已移除或停用',
  en: 'The device or the rule was removed, or the rule was switched off',
}
export const changedText: Text = {
  zh: '规则已修改，由新规则重新判断',
  en: 'The rule was changed; the new one evaluates again',
}
export const retractedText: Text = {
  zh: '迟到的数据表明此情况并未发生',
  en: 'Late data shows that this did not happen',
}
export const correctedText: Text = { zh: '迟到的数据更正了起止时间', en: 'Late data corrected the times' }
/** Shown for a value that the device has not reported. */
export const unknownText: Text = { zh: '未知', en: 'unknown' }

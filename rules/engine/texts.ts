/** What findings say when an episode changes; the words for its beginning are the rule's own. */
import type { Text } from '../../model/text.ts'

export const endedText: Text = { zh: '情况已解除', en: 'The condition is over' }
export const removedText: Text = {
  zh: '设备已移除，或规则已移除或停用',
  en: 'The device or the rule was removed, or the rule was switched off',
}
export const changedText: Text = {
  zh: '规则已修改，由新规则重新判断',
  en: 'The rule was changed; the new one judges it anew',
}
export const retractedText: Text = {
  zh: '迟到的数据表明此情况并未发生',
  en: 'Late data shows that it never was so',
}
export const correctedText: Text = { zh: '迟到的数据更正了起止时间', en: 'Late data corrected its times' }
/** In place of a value that the device has not told. */
export const unknownText: Text = { zh: '未知', en: 'unknown' }

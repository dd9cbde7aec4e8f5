/** How bpmn-js and the properties panel speak: in the page's language, and heard of where they cannot. */
import { signal } from '@preact/signals';
import { fill, language } from '../../lib/i18n';
import { chineseOf } from '../words/bpmn';

export type Translate = (template: string, params?: Readonly<Record<string, unknown>>) => string;

/** Their texts that have no Chinese and were shown as they are. */
export const missing = signal<readonly string[]>([]);

/** The `translate` service of diagram-js; the panel's parts that ask no service call it as well. */
export const translate: Translate = (template, params = {}) => {
  const chinese = language() === 'zh' ? chineseOf(template) : template;
  if (chinese === undefined && !missing.peek().includes(template))
    missing.value = [...missing.peek(), template];
  return fill(chinese ?? template, params);
};

/** The `translate` service of diagram-js in the page's language. */
import { fill, language } from '../../lib/i18n';
import { chineseOf } from '../words/bpmn';

export type Translate = (template: string, params?: Readonly<Record<string, unknown>>) => string;

/** `onMissing` hears each text that has no Chinese; it is then shown as it is. */
export function translator(onMissing: (template: string) => void): Translate {
  return (template, params = {}) => {
    if (language() === 'en') return fill(template, params);
    const chinese = chineseOf(template);
    if (chinese === undefined) onMissing(template);
    return fill(chinese ?? template, params);
  };
}

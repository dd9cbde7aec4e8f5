/** How dmn-js speaks: in the page's language, and heard of where it cannot. */
import { signal } from '@preact/signals';
import { language } from '../../lib/i18n';
import { chineseOf } from '../words/dmn';

/** Its texts that have no Chinese and were shown as they are. */
export const missing = signal<readonly string[]>([]);

/** The `translate` service of diagram-js. */
export function translate(
  template: string,
  params: Readonly<Record<string, unknown>> = {},
): string {
  const chinese = language() === 'zh' ? chineseOf(template) : template;
  if (chinese === undefined && !missing.peek().includes(template))
    missing.value = [...missing.peek(), template];
  // dmn-js leaves blanks within the braces.
  return (chinese ?? template).replace(/\{\s*(\w+)\s*\}/g, (whole, name: string) =>
    String(params[name] ?? whole),
  );
}

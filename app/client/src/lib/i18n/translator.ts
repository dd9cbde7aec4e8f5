/** Words of one part of the product, kept beside it: what only few pages show need not travel with all. */
import { fill, language } from '.';

/** A `t` of its own for `zh`, the source, and `en`. */
export function translator<K extends string>(
  zh: Readonly<Record<K, string>>,
  en: Readonly<Record<K, string>>,
): (key: K, params?: Readonly<Record<string, string | number>>) => string {
  return (key, params = {}) => fill((language() === 'en' ? en : zh)[key], params);
}

/** The words islands show, in the language the server chose for the page (`<html lang>`). */
import { en } from './en';
import { zh } from './zh';

export type Key = keyof typeof zh;
export type Language = 'zh' | 'en';

/** Text for `key` with `{name}` replaced by `params.name`. */
export function t(key: Key, params: Readonly<Record<string, string | number>> = {}): string {
  return fill((language() === 'en' ? en : zh)[key], params);
}

/** `text` with `{name}` replaced by `params.name`. */
export function fill(text: string, params: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** `<html lang>` is zh-CN or en; anything else reads as Chinese. */
export function language(): Language {
  return document.documentElement.lang.toLowerCase().startsWith('en') ? 'en' : 'zh';
}

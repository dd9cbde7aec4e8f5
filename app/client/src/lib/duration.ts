/** How long something took or takes, in words. */
import { type Key, t } from './i18n';

const UNITS: readonly [Key, number][] = [
  ['duration.days', 86_400],
  ['duration.hours', 3_600],
  ['duration.minutes', 60],
];

/** `seconds` in at most two units next to each other (“2 天 3 小时”), rounded down. */
export function duration(seconds: number): string {
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first < 0) return t('duration.moment');
  let rest = seconds;
  const words = UNITS.slice(first, first + 2).map(([key, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count ? t(key, { count }) : '';
  });
  return words.filter(Boolean).join(' ');
}

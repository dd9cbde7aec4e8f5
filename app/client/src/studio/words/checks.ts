/** Words of the panel of findings. */
import { translator } from '../../lib/i18n/translator';

const zh = {
  'checks.none': '没有发现问题。',
  'checks.error': '必须改正',
  'checks.warning': '建议改正',
} as const;

const en: Record<keyof typeof zh, string> = {
  'checks.none': 'Nothing is wrong.',
  'checks.error': 'Must be corrected',
  'checks.warning': 'Should be corrected',
};

export const t = translator(zh, en);

/** Words of the panel of findings. */
import { translator } from '../../lib/i18n/translator';

const zh = {
  'checks.none': '没有发现问题，可以提交发布。',
  'checks.sum': '{errors} 处必须改正，{warnings} 处建议改正。点击可到所在之处。',
  'checks.error': '必须改正',
  'checks.warning': '建议改正',
} as const;

const en: Record<keyof typeof zh, string> = {
  'checks.none': 'Nothing was found: this may be proposed.',
  'checks.sum': '{errors} must be corrected, {warnings} should be. A click leads to the place.',
  'checks.error': 'Must be corrected',
  'checks.warning': 'Should be corrected',
};

export const t = translator(zh, en);

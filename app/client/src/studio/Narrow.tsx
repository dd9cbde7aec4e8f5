/** Said by an editor on a screen below 900 px, where it can only be looked at. */
import { t } from './words/shell';

export function Narrow() {
  return <p class="alert alert--info studio__narrow">{t('studio.narrow')}</p>;
}

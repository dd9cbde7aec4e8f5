/** What stands in the way of publishing: a list, each entry leading to its element or file. */
import { Icon } from '../../room/Icon';
import type { Finding } from '../content';
import type { Draft } from '../draft';
import { t } from '../words/checks';

export default function Checks({ draft }: { draft: Draft }) {
  const findings = draft.findings.value;
  if (!findings.length)
    return (
      <p class="alert alert--success" role="status">
        {t('checks.none')}
      </p>
    );
  return (
    <ul class="findings">
      {findings.map((finding) => (
        <li key={`${finding.rule} ${finding.element} ${finding.file} ${finding.text}`}>
          <button
            type="button"
            class={`findings__entry findings__entry--${finding.severity}`}
            onClick={() => go(draft, finding)}
          >
            <Icon name={finding.severity} />
            <span class="findings__name">{finding.name || finding.file || finding.element}</span>
            <span class="findings__text">{finding.text}</span>
            <span class="tag">{t(`checks.${finding.severity}`)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function go(draft: Draft, { element, file }: Finding): void {
  const [item = '', kind] = file.split('.');
  if (kind === 'form') draft.show('forms', item);
  else if (kind === 'dmn') draft.show('decisions', item);
  else if (kind === 'notice') draft.show('notices', item);
  else draft.show('diagram', element || null);
}

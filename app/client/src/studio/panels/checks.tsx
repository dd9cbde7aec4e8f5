/** What stands in the way of publishing, and what may be better: each entry leads to its place. */
import '../../styles/studio-checks.css';
import { Icon } from '../../room/Icon';
import type { Finding } from '../content';
import type { Draft } from '../draft';
import { t } from '../words/checks';

const SEVERITIES = ['error', 'warning'] as const;

export default function Checks({ draft }: { draft: Draft }) {
  const findings = draft.findings.value;
  return (
    <>
      <p class="checks__sum" role="status">
        {findings.length ? t('checks.sum', counts(findings)) : t('checks.none')}
      </p>
      {SEVERITIES.map((severity) => (
        <Part
          key={severity}
          draft={draft}
          severity={severity}
          findings={findings.filter((one) => one.severity === severity)}
        />
      ))}
    </>
  );
}

interface PartProps {
  draft: Draft;
  severity: Finding['severity'];
  findings: readonly Finding[];
}

function Part({ draft, severity, findings }: PartProps) {
  if (!findings.length) return null;
  return (
    <section class="panel checks" aria-labelledby={`checks-${severity}`}>
      <h2 class={`checks__title checks__title--${severity}`} id={`checks-${severity}`}>
        <Icon name={severity} />
        {t(`checks.${severity}`)}
        <span class="count">{findings.length}</span>
      </h2>
      <ul class="checks__list">
        {findings.map((finding) => (
          <li key={`${finding.rule} ${finding.element} ${finding.file} ${finding.text}`}>
            <button type="button" class="checks__entry" onClick={() => go(draft, finding)}>
              <span class="checks__name">{finding.name || finding.file || finding.element}</span>
              <span class="checks__text">{finding.text}</span>
              <Icon name="chevron-right" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function counts(findings: readonly Finding[]): { errors: number; warnings: number } {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: findings.length - errors };
}

const PANELS: Readonly<Record<string, string>> = {
  form: 'forms',
  dmn: 'decisions',
  notice: 'notices',
};

/** `review.form` is in the panel of forms; what is in no file, in the diagram. */
function go(draft: Draft, { element, file }: Finding): void {
  const [, item, kind] = /^(.*)\.(\w+)$/.exec(file) ?? [];
  const panel = PANELS[kind ?? ''];
  if (item && panel) draft.show(panel, item);
  else draft.show('diagram', element || null);
}

/** The frame around the panels: who edits, what is saved, and the tabs. */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { notify } from '../lib/status';
import { Icon } from '../room/Icon';
import type { Loaded } from './content';
import type { KeptDraft } from './draft';
import { type Panel, type PanelEntry, panels } from './panels';
import { watchScenarios } from './play/runs';
import { t } from './words/shell';

export function Studio({ draft, loaded }: { draft: KeptDraft; loaded: Loaded }) {
  useSignalEffect(() => {
    const { panel, item } = draft.place.value;
    history.replaceState(null, '', `#${[panel, item].filter(Boolean).join('/')}`);
  });
  return (
    <div class="studio">
      <div class="studio__bar">
        <Tabs draft={draft} />
        <State draft={draft} loaded={loaded} />
      </div>
      <Notes draft={draft} />
      {panels.map((entry) => (
        <Sheet key={entry.id} entry={entry} draft={draft} />
      ))}
    </div>
  );
}

/** Arrow keys, Home and End go from tab to tab, as ARIA's pattern of tabs has it. */
function Tabs({ draft }: { draft: KeptDraft }) {
  const list = useRef<HTMLDivElement>(null);
  const shown = draft.place.value.panel;
  const go = (event: KeyboardEvent) => {
    const at = panels.findIndex(({ id }) => id === shown);
    const to = neighbour(event.key, at, panels.length);
    const next = to === undefined ? undefined : panels[to];
    if (!next) return;
    event.preventDefault();
    draft.show(next.id);
    list.current?.querySelector<HTMLElement>(`#studio-tab-${next.id}`)?.focus();
  };
  return (
    <div
      ref={list}
      class="tabs studio__tabs"
      role="tablist"
      aria-label={t('studio.parts')}
      onKeyDown={go}
    >
      {panels.map(({ id }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`studio-tab-${id}`}
          class="tabs__link studio__tab"
          aria-selected={id === shown}
          aria-controls={`studio-panel-${id}`}
          tabIndex={id === shown ? 0 : -1}
          onClick={() => draft.show(id)}
        >
          {t(`studio.panel.${id}`)}
          {id === 'checks' && <Count draft={draft} />}
          {id === 'scenarios' && <Failing draft={draft} />}
        </button>
      ))}
    </div>
  );
}

function neighbour(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowLeft':
      return (at + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

function Count({ draft }: { draft: KeptDraft }) {
  const findings = draft.findings.value;
  if (!findings.length) return null;
  const isSerious = findings.some(({ severity }) => severity === 'error');
  return <span class={`count ${isSerious ? 'count--overdue' : ''}`}>{findings.length}</span>;
}

/** Scenarios are played at every change, wherever one is; those that fail are counted. */
function Failing({ draft }: { draft: KeptDraft }) {
  const { runs } = watchScenarios(draft);
  const count = runs.value?.verdicts.filter((one) => !one.is_passed).length;
  return count ? <span class="count count--overdue">{count}</span> : null;
}

function State({ draft, loaded }: { draft: KeptDraft; loaded: Loaded }) {
  const saved = draft.saved.value;
  return (
    <p class="studio__state">
      <span class="studio__base">
        {loaded.base ? t('studio.base', { digest: loaded.base.slice(0, 8) }) : t('studio.new')}
      </span>
      {draft.mayEdit.value && (
        <span class={`studio__saved studio__saved--${saved}`} role="status">
          <Icon name={saved === 'saved' ? 'check' : 'clock'} />
          {t(`studio.saved.${saved}`)}
        </span>
      )}
    </p>
  );
}

function Notes({ draft }: { draft: KeptDraft }) {
  return (
    <div class="studio__notes" aria-live="polite">
      {draft.saved.value === 'conflict' ? (
        <Conflict draft={draft} />
      ) : (
        draft.problem.value && (
          <p class="alert alert--warning">{t('studio.problem', { reason: draft.problem.value })}</p>
        )
      )}
      {!draft.mayEdit.value && draft.saved.value !== 'conflict' && <WhyNot draft={draft} />}
    </div>
  );
}

function WhyNot({ draft }: { draft: KeptDraft }) {
  const { holder, is_mine } = draft.lock.value;
  if (holder && !is_mine)
    return (
      <p class="alert alert--info studio__held">
        <Icon name="lock" />
        {t('studio.held', { name: holder.name })}
      </p>
    );
  return <p class="alert alert--info">{t(draft.mayWrite ? 'studio.free' : 'studio.readonly')}</p>;
}

function Conflict({ draft }: { draft: KeptDraft }) {
  const settle = (how: () => Promise<void>) => () => {
    how().catch((error: Error) => notify(error.message, 'error'));
  };
  return (
    <div class="alert alert--warning" role="alert">
      <strong>{t('studio.conflict.title')}</strong>
      <p>{t('studio.conflict.text')}</p>
      <p class="cluster">
        <Button act={settle(() => draft.keepMine())}>{t('studio.conflict.mine')}</Button>
        <Button act={settle(() => draft.takeTheirs())}>{t('studio.conflict.theirs')}</Button>
      </p>
    </div>
  );
}

function Button({ act, children }: { act: () => void; children: ComponentChildren }) {
  return (
    <button type="button" class="button button--small" onClick={act}>
      {children}
    </button>
  );
}

/** A panel, loaded when it is first in front and kept after: its undo and its scroll stay. */
function Sheet({ entry, draft }: { entry: PanelEntry; draft: KeptDraft }) {
  const Loaded = useSignal<Panel | null>(null);
  const hasFailed = useSignal(false);
  const isShown = draft.place.value.panel === entry.id;
  const Content = Loaded.value;
  useEffect(() => {
    if (!isShown || Content) return;
    entry.load().then(
      (module) => {
        Loaded.value = module.default;
      },
      (error: unknown) => {
        hasFailed.value = true;
        reportError(error);
      },
    );
  }, [isShown, Content, entry, Loaded, hasFailed]);
  return (
    <div
      id={`studio-panel-${entry.id}`}
      class={`studio__panel studio__panel--${entry.id}`}
      role="tabpanel"
      aria-labelledby={`studio-tab-${entry.id}`}
      hidden={!isShown}
    >
      {Content && <Content draft={draft} />}
      {!Content && !hasFailed.value && <p class="studio__note">{t('studio.panel.loading')}</p>}
      {hasFailed.value && (
        <p class="alert alert--error" role="alert">
          {t('studio.panel.failed')}
        </p>
      )}
    </div>
  );
}

/** Decisions: dmn-js with a list of what the draft holds, and a row to try one out. */
import { useComputed, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import '../../styles/studio-decisions.css';
import { Icon } from '../../room/Icon';
import { type Editor, follow, openModeler, openViewer } from '../decisions/editor';
import { duplicated, freeId, nameOf, renamed, usersIn } from '../decisions/files';
import { Trial } from '../decisions/Trial';
import { missing } from '../decisions/translate';
import type { Draft } from '../draft';
import { newDecision } from '../fresh';
import { Narrow } from '../Narrow';
import { useMedia, WIDE } from '../useMedia';
import { t } from '../words/decisions';

export default function Decisions({ draft }: { draft: Draft }) {
  const isWide = useMedia(WIDE);
  const edits = isWide && draft.mayEdit.value;
  const { decisions } = draft.content.value;
  const names = useComputed(() =>
    Object.entries(draft.content.value.decisions).map(([key, xml]) => ({
      key,
      name: nameOf(xml, key),
    })),
  );
  const users = useComputed(() => usersIn(draft.content.value.diagram));
  const chosen = useSignal('');
  const { panel, item } = draft.place.value;
  useEffect(() => {
    if (panel === 'decisions' && item) chosen.value = item;
  }, [panel, item, chosen]);
  const key = chosen.value in decisions ? chosen.value : (names.value[0]?.key ?? '');
  const choose = (to: string) => {
    chosen.value = to;
    draft.show('decisions', to);
  };
  const add = () => {
    const { id, part } = newDecision(draft.content.value, t('decisions.new'));
    draft.change(part);
    choose(id);
  };
  return (
    <div class="decisions">
      <Narrow />
      <nav class="decisions__list" aria-label={t('decisions.list')}>
        {names.value.map((one) => (
          <button
            key={one.key}
            type="button"
            class="decisions__entry"
            aria-current={one.key === key ? 'true' : undefined}
            onClick={() => choose(one.key)}
          >
            {one.name}
          </button>
        ))}
        {edits && (
          <button type="button" class="button button--small" onClick={add}>
            <Icon name="plus" />
            {t('decisions.add')}
          </button>
        )}
      </nav>
      {key ? (
        <Desk
          key={`${key} ${edits}`}
          draft={draft}
          id={key}
          edits={edits}
          users={users.value.get(key) ?? []}
          choose={choose}
        />
      ) : (
        <p class="studio__note">{t('decisions.none')}</p>
      )}
    </div>
  );
}

interface DeskProps {
  draft: Draft;
  id: string;
  edits: boolean;
  /** Names of the tasks that call it. */
  users: readonly string[];
  choose(key: string): void;
}

function Desk({ draft, id, edits, users, choose }: DeskProps) {
  const frame = useRef<HTMLDivElement>(null);
  const editor = useSignal<Editor | null>(null);
  const view = useSignal('');
  const broken = useSignal('');
  const changes = useSignal(0);
  useEffect(() => {
    if (!frame.current) return;
    const open = edits ? openModeler : openViewer;
    const made = open(frame.current);
    editor.value = made;
    const stop = follow(made, draft, id, {
      onView: (shown) => {
        view.value = shown && shown.type !== 'drd' ? shown.element.id : '';
      },
      onBroken: (reason) => {
        broken.value = reason;
      },
      onChange: () => {
        changes.value += 1;
      },
    });
    return () => {
      stop();
      made.destroy();
    };
  }, [draft, id, edits, editor, view, broken, changes]);
  const xml = draft.content.value.decisions[id] ?? '';
  return (
    <div class="decision-desk" data-missing-words={missing.value.join('\n')}>
      <Head draft={draft} id={id} edits={edits} users={users} choose={choose}>
        {editor.value && <History editor={editor.value} changes={changes.value} />}
      </Head>
      {broken.value && (
        <p class="alert alert--error" role="alert">
          {t('decisions.broken', { reason: broken.value })}
        </p>
      )}
      <section
        ref={frame}
        class="decision-frame"
        hidden={broken.value !== ''}
        aria-label={t('decisions.editor')}
      />
      <Trial draft={draft} xml={xml} decision={view.value || id} />
    </div>
  );
}

/** The name, who uses it, and what can be done with the decision as a whole. */
function Head({
  draft,
  id,
  edits,
  users,
  choose,
  children,
}: DeskProps & { children: ComponentChildren }) {
  const { decisions } = draft.content.value;
  const xml = decisions[id] ?? '';
  const name = nameOf(xml, id);
  const rename = (to: string) => {
    const text = to.trim();
    if (text && text !== name) {
      draft.change({ decisions: { ...decisions, [id]: renamed(xml, id, text) } });
    }
  };
  const duplicate = () => {
    const copy = { id: freeId(decisions, id), name: t('decisions.copy', { name }) };
    draft.change({ decisions: { ...decisions, [copy.id]: duplicated(xml, id, copy) } });
    choose(copy.id);
  };
  const remove = () => {
    const { [id]: _gone, ...rest } = decisions;
    draft.change({ decisions: rest });
  };
  return (
    <header class="decision-desk__head">
      <div class="decision-desk__title">
        {edits ? (
          <input
            class="input decision-desk__name"
            aria-label={t('decisions.rename')}
            value={name}
            maxLength={100}
            onChange={(event) => rename(event.currentTarget.value)}
          />
        ) : (
          <h2>{name}</h2>
        )}
        <p class="field__hint">
          <code>{id}</code> ·{' '}
          {users.length
            ? t('decisions.used', {
                tasks: users.map((name) => t('decisions.task', { name })).join(t('trial.and')),
              })
            : t('decisions.unused')}
        </p>
      </div>
      {edits && (
        <div class="cluster">
          {children}
          <button type="button" class="button button--small" onClick={duplicate}>
            {t('decisions.duplicate')}
          </button>
          <button
            type="button"
            class="button button--small button--danger"
            disabled={users.length > 0}
            title={users.length ? t('decisions.delete.used') : undefined}
            onClick={remove}
          >
            <Icon name="trash" />
            {t('decisions.delete')}
          </button>
        </div>
      )}
    </header>
  );
}

interface CommandStack {
  canUndo(): boolean;
  canRedo(): boolean;
  undo(): void;
  redo(): void;
}

/** `changes` only says that there was one: what can be undone is the editor's to know. */
function History({ editor }: { editor: Editor; changes: number }) {
  const stack = editor.getActiveViewer()?.get<CommandStack>('commandStack');
  return (
    <>
      <button
        type="button"
        class="button button--small"
        disabled={!stack?.canUndo()}
        onClick={() => stack?.undo()}
      >
        <Icon name="undo" />
        {t('decisions.undo')}
      </button>
      <button
        type="button"
        class="button button--small"
        disabled={!stack?.canRedo()}
        onClick={() => stack?.redo()}
      >
        {t('decisions.redo')}
      </button>
    </>
  );
}

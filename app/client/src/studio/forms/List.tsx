/** All forms of the draft, and what can be done with the one in hand. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../room/Icon';
import type { Draft } from '../draft';
import { type Made, newForm } from '../fresh';
import { t } from '../words/forms';
import { copied, ID, inOrder, renamed, type Use, without } from './catalogue';
import { Text } from './inputs';

interface Props {
  draft: Draft;
  uses: ReadonlyMap<string, readonly Use[]>;
  current: string | undefined;
}

export function List({ draft, uses, current }: Props) {
  const ids = inOrder(draft.content.value, uses);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const one = list.current?.querySelector<HTMLElement>('[aria-current=true]');
    // Not scrollIntoView, which would move the page as well.
    if (one && list.current) list.current.scrollTop = one.offsetTop - list.current.offsetTop;
  }, [current]);
  const make = ({ id, part }: Made) => {
    draft.change(part);
    draft.show('forms', id);
  };
  return (
    <nav class="forms-list" aria-label={t('forms.list')}>
      {draft.mayEdit.value && (
        <div class="forms-list__actions">
          <button
            type="button"
            class="button button--small"
            onClick={() => make(newForm(draft.content.peek(), ''))}
          >
            <Icon name="plus" />
            {t('forms.add')}
          </button>
          {current !== undefined && ids.includes(current) && (
            <>
              <button
                type="button"
                class="button button--small"
                onClick={() => make(copied(draft.content.peek(), current))}
              >
                {t('forms.copy')}
              </button>
              <Rename key={current} draft={draft} id={current} />
              <Delete draft={draft} id={current} isUsed={uses.has(current)} />
            </>
          )}
        </div>
      )}
      <ul ref={list} class="forms-list__all">
        {ids.map((id) => (
          <li key={id}>
            <button
              type="button"
              class="forms-list__one"
              aria-current={id === current}
              onClick={() => draft.show('forms', id)}
            >
              <span class="forms-list__name">{uses.get(id)?.[0]?.name ?? id}</span>
              <span class="forms-list__more">{more(id, uses.get(id))}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Its id, and the other tasks that show it. */
function more(id: string, [first, ...others]: readonly Use[] = []): string {
  if (!first) return t('forms.unused');
  if (!others.length) return id;
  return `${id} · ${t('forms.used', { tasks: others.map(({ name }) => name).join(t('forms.comma')) })}`;
}

function Rename({ draft, id }: { draft: Draft; id: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const refuse = (next: string) => {
    if (!ID.test(next)) return t('forms.id.wrong');
    return next in draft.content.peek().forms ? t('forms.id.taken') : undefined;
  };
  const rename = (next: string) => {
    draft.change(renamed(draft.content.peek(), id, next));
    draft.show('forms', next);
  };
  return (
    <>
      <button
        type="button"
        class="button button--small"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {t('forms.rename')}
      </button>
      {isOpen && (
        <Text
          label={t('forms.id')}
          hint={t('forms.id.hint')}
          value={id}
          refuse={refuse}
          onChange={rename}
        />
      )}
    </>
  );
}

function Delete({ draft, id, isUsed }: { draft: Draft; id: string; isUsed: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const remove = () => {
    dialog.current?.close();
    draft.change(without(draft.content.peek(), id));
    draft.show('forms');
  };
  return (
    <>
      <button
        type="button"
        class="button button--small button--danger"
        aria-disabled={isUsed}
        title={isUsed ? t('forms.in_use') : undefined}
        aria-describedby={isUsed ? 'forms-in-use' : undefined}
        onClick={() => !isUsed && dialog.current?.showModal()}
      >
        {t('forms.delete')}
      </button>
      {isUsed && (
        <span id="forms-in-use" class="visually-hidden">
          {t('forms.in_use')}
        </span>
      )}
      <dialog ref={dialog} class="dialog" aria-label={t('forms.delete')}>
        <div class="dialog__body">
          <p>{t('forms.delete.sure', { id })}</p>
        </div>
        <div class="dialog__actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {t('forms.cancel')}
          </button>
          <button type="button" class="button button--danger" onClick={remove}>
            {t('forms.delete')}
          </button>
        </div>
      </dialog>
    </>
  );
}

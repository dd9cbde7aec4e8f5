/** What was written, and who came and went; new lines are read out. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../lib/i18n';
import { Icon } from './Icon';
import { nameOf, type Session } from './session';
import type { ChatLine } from './state';

const LONGEST = 2000;

export function Chat({ session }: { session: Session }) {
  const list = useRef<HTMLOListElement>(null);
  const lines = session.room.value.chat;
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lines]);
  return (
    <section class="chat" aria-label={t('chat.title')}>
      {lines.length === 0 && <p class="room__note">{t('chat.empty')}</p>}
      <ol
        class="chat__lines"
        ref={list}
        aria-live="polite"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        aria-label={t('chat.title')}
      >
        {lines.map((line) => (
          <Line key={line.number} line={line} session={session} />
        ))}
      </ol>
      <Writer say={(text) => session.say(text)} isOpen={session.isOpen.value} />
    </section>
  );
}

function Line({ line, session }: { line: ChatLine; session: Session }) {
  const name = nameOf(session.room, line.author);
  const at = new Date(line.at);
  const time = (
    <time dateTime={line.at}>
      {at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
    </time>
  );
  if (line.kind !== 'said')
    return (
      <li class="chat__event">
        {t(`chat.${line.kind}`, { name })} {time}
      </li>
    );
  return (
    <li class={`chat__line${line.author === session.config.me ? ' chat__line--own' : ''}`}>
      <p class="chat__who">
        {name} {time}
      </p>
      <p class="chat__text">{line.text}</p>
    </li>
  );
}

function Writer({ say, isOpen }: { say: (text: string) => Promise<boolean>; isOpen: boolean }) {
  const text = useSignal('');
  const isSending = useSignal(false);
  const send = async () => {
    if (!text.value.trim() || isSending.value) return;
    isSending.value = true;
    if (await say(text.value)) text.value = '';
    isSending.value = false;
  };
  return (
    <form
      class="chat__form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        class="input"
        rows={2}
        maxLength={LONGEST}
        aria-label={t('chat.write')}
        placeholder={t('chat.write')}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          // While Chinese is composed, Enter chooses a word.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="button button--primary" disabled={!isOpen || isSending.value}>
        <Icon name="send" />
        {t('chat.send')}
      </button>
    </form>
  );
}

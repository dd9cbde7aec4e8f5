/**
 * The room of a case: records with the board, picture and sound, chat (S0-28…35).
 *
 * `<div data-island="room" data-config="{…}">`, the config being room/session.ts's Config.
 */
import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { Board } from '../board/Board';
import '../styles/room.css';
import { type Key, t } from '../lib/i18n';
import { Chat } from '../room/Chat';
import { Icon } from '../room/Icon';
import { People } from '../room/People';
import { type Config, type MedicalRecord, Session } from '../room/session';
import { Tiles } from '../room/Tiles';

export function mount(el: HTMLElement): () => void {
  const session = new Session(JSON.parse(el.dataset.config ?? '') as Config);
  el.replaceChildren();
  render(<Room session={session} />, el);
  session.start().catch(reportError);
  return () => {
    session.stop();
    render(null, el);
  };
}

type Tab = 'board' | 'videos' | 'chat';
const TABS: readonly Tab[] = ['board', 'videos', 'chat'];

function Room({ session }: { session: Session }) {
  const tab = useSignal<Tab>('board');
  const { closed } = session.room.value;
  if (closed) return <Over text={t(`room.closed.${closed}`)} back={session.config.back} />;
  if (session.refusal.value)
    return (
      <Over
        text={t('room.refused', { reason: session.refusal.value })}
        back={session.config.back}
      />
    );
  return (
    <div class="room__frame" data-tab={tab.value} data-open={session.isOpen.value}>
      <Notes session={session} />
      {/* On a phone one part is shown at a time; on a desk all are, and this is hidden. */}
      <div class="room__tabs" role="toolbar" aria-label={t('room.parts')}>
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            class="button"
            aria-pressed={tab.value === name}
            onClick={() => {
              tab.value = name;
            }}
          >
            {t(`room.tab.${name}`)}
          </button>
        ))}
      </div>
      <div class="room__board">
        <Records session={session} />
      </div>
      <div class="room__videos">
        <People session={session} />
        <Tiles session={session} />
      </div>
      <div class="room__chat">
        <Chat session={session} />
      </div>
    </div>
  );
}

function Notes({ session }: { session: Session }) {
  const problem: Key | undefined = session.media.value?.problem;
  const wasIn = session.room.value.last > 0;
  return (
    <div class="room__notes" aria-live="polite">
      {!session.isOpen.value && (
        <p class="alert alert--warning">{t(wasIn ? 'room.reconnecting' : 'room.connecting')}</p>
      )}
      {!session.media.value && <p class="alert alert--info">{t('room.media.ask')}</p>}
      {problem && <p class="alert alert--warning">{t(problem)}</p>}
    </div>
  );
}

function Records({ session }: { session: Session }) {
  const records = session.records.value;
  if (!records) return null;
  const images = records.filter(({ kind }) => kind === 'image');
  const shown = images.find(({ id }) => id === session.room.value.page) ?? images[0];
  return (
    <>
      <ul class="room__records" aria-label={t('room.records')}>
        {records.map((record) => (
          <li key={record.id}>
            <RecordButton session={session} record={record} isShown={record === shown} />
          </li>
        ))}
      </ul>
      {shown ? (
        <Board session={session} record={shown} />
      ) : (
        <p class="room__note">{t('room.records.none')}</p>
      )}
    </>
  );
}

interface RecordButtonProps {
  session: Session;
  record: MedicalRecord;
  isShown: boolean;
}

function RecordButton({ session, record, isShown }: RecordButtonProps) {
  if (record.kind === 'pdf')
    return (
      <a class="button button--small" href={record.url} target="_blank" rel="noreferrer">
        <Icon name="file" />
        {t('room.record.open', { title: record.title })}
      </a>
    );
  return (
    <button
      type="button"
      class="button button--small"
      aria-pressed={isShown}
      onClick={() => session.turnTo(record.id)}
    >
      <Icon name="image" />
      {record.title}
    </button>
  );
}

function Over({ text, back }: { text: string; back: string }) {
  return (
    <div class="empty" role="alert">
      <Icon name="video-off" />
      <p class="empty__title">{text}</p>
      <a class="button button--primary" href={back}>
        {t('room.back')}
      </a>
    </div>
  );
}

/** Whoever is present, with picture and sound as far as they send any (S0-30). */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../lib/i18n';
import type { Present } from '../protocol';
import { Icon } from './Icon';
import type { Remote, Session } from './session';

export function Tiles({ session }: { session: Session }) {
  const { me } = session.config;
  const present = session.room.value.present;
  const others = present.filter(({ id }) => id !== me);
  return (
    <section class="room__tiles" aria-label={t('room.videos')}>
      {others.map((person) => (
        <RemoteTile key={person.id} person={person} remote={session.remotes.value.get(person.id)} />
      ))}
      {others.length === 0 && <p class="room__note">{t('room.alone')}</p>}
      <OwnTile session={session} name={present.find(({ id }) => id === me)?.name ?? ''} />
    </section>
  );
}

function RemoteTile({ person, remote }: { person: Present; remote: Remote | undefined }) {
  const state = remote?.state ?? 'connecting';
  return (
    <figure class="tile" data-person={person.id} data-state={state}>
      <Video stream={remote?.stream} isMuted={false} />
      {!person.camera && <p class="tile__note">{t('room.camera.none')}</p>}
      {(person.camera || person.microphone) && state !== 'connected' && (
        <p class="tile__note" role="status">
          {t(`room.link.${state}`)}
        </p>
      )}
      <figcaption class="tile__name">
        <i class="pen" data-place={person.place % 6} />
        {person.name}
        {!person.microphone && (
          <span class="tile__muted" title={t('room.muted')}>
            <Icon name="mic-off" />
            <span class="visually-hidden">{t('room.muted')}</span>
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function OwnTile({ session, name }: { session: Session; name: string }) {
  const media = session.media.value;
  const hasCamera = (media?.stream.getVideoTracks().length ?? 0) > 0;
  const hasMicrophone = (media?.stream.getAudioTracks().length ?? 0) > 0;
  return (
    <figure class="tile tile--own">
      {hasCamera && session.camera.value && <Video stream={media?.stream} isMuted />}
      {!session.camera.value && <p class="tile__note">{t('room.camera.none')}</p>}
      <figcaption class="tile__name">{t('room.me', { name })}</figcaption>
      <div class="tile__controls">
        <Toggle
          isOn={session.microphone.value}
          isPossible={hasMicrophone}
          icons={['mic', 'mic-off']}
          labels={[t('room.microphone.off'), t('room.microphone.on')]}
          onClick={() => session.toggle('microphone')}
        />
        <Toggle
          isOn={session.camera.value}
          isPossible={hasCamera}
          icons={['video', 'video-off']}
          labels={[t('room.camera.off'), t('room.camera.on')]}
          onClick={() => session.toggle('camera')}
        />
      </div>
    </figure>
  );
}

interface ToggleProps {
  isOn: boolean;
  isPossible: boolean;
  /** When on, when off; the label says what a click does. */
  icons: [string, string];
  labels: [string, string];
  onClick: () => void;
}

function Toggle({ isOn, isPossible, icons, labels, onClick }: ToggleProps) {
  const label = labels[isOn ? 0 : 1];
  return (
    <button
      type="button"
      class="button button--icon button--small"
      disabled={!isPossible}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icons[isOn ? 0 : 1]} />
    </button>
  );
}

function Video({ stream, isMuted }: { stream: MediaStream | undefined; isMuted: boolean }) {
  const ref = useRef<HTMLVideoElement>(null);
  const isBlocked = useSignal(false);
  const play = () =>
    ref.current?.play().then(
      () => {
        isBlocked.value = false;
      },
      (error: unknown) => {
        // Without a click on the page a browser may refuse to make sound.
        isBlocked.value = error instanceof DOMException && error.name === 'NotAllowedError';
      },
    );
  useEffect(() => {
    if (!ref.current || !stream) return;
    ref.current.srcObject = stream;
    play();
  }, [stream]);
  return (
    <>
      <video ref={ref} class="tile__video" playsInline muted={isMuted} />
      {isBlocked.value && (
        <button type="button" class="button tile__play" onClick={play}>
          {t('room.sound')}
        </button>
      )}
    </>
  );
}

/** The keyboard shortcuts, in a dialog. */
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../words/diagram';

const COMMAND = /Mac/.test(navigator.platform) ? '⌘' : 'Ctrl';

const KEYS = [
  ['keys.undo', `${COMMAND} Z · ${COMMAND} Y`],
  ['keys.copy', `${COMMAND} C · ${COMMAND} V · ${COMMAND} X`],
  ['keys.delete', 'Delete'],
  ['keys.all', `${COMMAND} A`],
  ['keys.find', `${COMMAND} F`],
  ['keys.name', 'E'],
  ['keys.replace', 'R'],
  ['keys.tools', 'H · L · S · C'],
  ['keys.zoom', `${COMMAND} + · ${COMMAND} − · ${COMMAND} 0`],
] as const;

export function Keys({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="keys-title" onClose={onClose}>
      <div class="dialog__header">
        <h2 id="keys-title">{t('keys.title')}</h2>
      </div>
      <div class="dialog__body">
        <dl class="keys">
          {KEYS.map(([what, keys]) => (
            <Line key={what} what={t(what)} keys={keys} />
          ))}
          <Line what={t('keys.move')} keys={t('keys.arrows')} />
          <Line what={t('keys.canvas')} keys={`${COMMAND} ${t('keys.arrows')}`} />
          <Line what={t('keys.help')} keys="?" />
        </dl>
      </div>
      <form method="dialog" class="dialog__actions">
        <button type="submit" class="button">
          {t('keys.close')}
        </button>
      </form>
    </dialog>
  );
}

function Line({ what, keys }: { what: string; keys: string }) {
  return (
    <div class="keys__line">
      <dt>{what}</dt>
      <dd>
        <kbd>{keys}</kbd>
      </dd>
    </div>
  );
}

/** Who was in the room, and who is there now. */
import { t } from '../lib/i18n';
import type { Session } from './session';

export function People({ session }: { session: Session }) {
  const { present } = session.room.value;
  return (
    <section class="people" aria-label={t('room.people')}>
      <p class="people__count">{t('room.present', { count: present.length })}</p>
      <ul class="people__list">
        {present.map((person) => (
          <li key={person.id} class="people__one">
            <i class="pen" data-place={person.place % 6} />
            {person.id === session.config.me ? t('room.me', { name: person.name }) : person.name}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a trial has behind it: script, way and variables, each folded away. */
import { duration } from '../../lib/duration';
import type { Step } from '../content';
import type { Draft } from '../draft';
import { t } from '../words/play';
import type { Trial } from './trial';

/** “3月2日 周一 09:00”, as the trial's own zone has it. */
export function clockTime(iso: string): string {
  return new Date(iso).toLocaleString(document.documentElement.lang || 'zh-CN', {
    month: 'short',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
}

export function Script({
  steps,
  trial,
  draft,
}: {
  steps: readonly Step[];
  trial: Trial;
  draft: Draft;
}) {
  if (!steps.length) return null;
  const names = new Map(trial.path.map(({ element, name }) => [element, name]));
  const waits = new Map(trial.waits.map(({ message, name }) => [message, name]));
  const name = (id: string) => names.get(id) ?? waits.get(id) ?? id;
  return (
    <details class="disclosure">
      <summary>{t('play.script', { count: steps.length })}</summary>
      <ol class="play__list">
        {steps.map((step, place) => (
          <li key={place} class={place === trial.problem?.step ? 'play__list-bad' : undefined}>
            {sentence(step, name, draft)}
          </li>
        ))}
      </ol>
    </details>
  );
}

function sentence(step: Step, name: (id: string) => string, draft: Draft): string {
  if ('complete' in step) {
    const said = labels(step.answers, draft);
    return [t('play.step.complete', { name: name(step.complete) }), said].filter(Boolean).join(' ');
  }
  if ('answer' in step) return t('play.step.answer', { name: name(step.answer) });
  if ('fail' in step) return t('play.step.fail', { name: name(step.fail) });
  if ('advance' in step) return t('play.step.advance', { period: period(step.advance) });
  return t('play.step.deliver', { name: name(step.deliver) });
}

/** The chosen answers of a step, in the form's own words: what decided the way. */
function labels(answers: Readonly<Record<string, unknown>>, draft: Draft): string {
  const { forms } = draft.content.peek();
  const options = Object.values(forms)
    .flatMap(({ components }) => components)
    .flatMap((one) => (Array.isArray(one.values) ? [[one.key, one.values] as const] : []));
  const found = Object.entries(answers).flatMap(([key, value]) => {
    const values = options.find(([field, those]) => field === key && labelled(those, value))?.[1];
    return values ? [labelled(values, value)] : [];
  });
  return found.length ? `（${found.join(t('play.and'))}）` : '';
}

function labelled(values: readonly { value: unknown; label: string }[], value: unknown): string {
  return values.find((one) => one.value === value)?.label ?? '';
}

/** “P1D” as the buttons say it, other durations in days, hours and minutes. */
function period(iso: string): string {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso);
  if (!match) return iso;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const total = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return duration(total);
}

export function PathList({ trial }: { trial: Trial }) {
  return (
    <details class="disclosure">
      <summary>{t('play.path')}</summary>
      <ol class="play__list">
        {trial.path
          .filter(({ kind }) => kind === 'entered')
          .map(({ element, name, at }, place) => (
            <li key={place}>
              <span>{name || element}</span> <time dateTime={at}>{clockTime(at)}</time>
            </li>
          ))}
      </ol>
    </details>
  );
}

export function Variables({ trial }: { trial: Trial }) {
  return (
    <details class="disclosure">
      <summary>{t('play.variables')}</summary>
      <dl class="play__variables">
        {Object.entries(trial.variables).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The services the last step called: what each answered, and another answer or a failure instead. */
import { useSignal } from '@preact/signals';
import type { Step } from '../content';
import type { Draft } from '../draft';
import { t } from '../words/play';
import type { Player } from './player';
import { type Call, lastCalls, remocked, type Trial } from './trial';

interface Props {
  draft: Draft;
  player: Player;
  trial: Trial;
  act(done: Promise<void>): void;
}

export function CallList({ draft, player, trial, act }: Props) {
  const calls = lastCalls(trial, player.steps.value);
  if (!calls.length) return null;
  const mock = (call: Call, step: Step) =>
    act(player.retake(remocked(player.steps.value, call, step)));
  return (
    <section class="play__part">
      <h2 class="play__heading">{t('play.calls')}</h2>
      <ul class="play__tasks">
        {calls.map((call, place) => (
          <li key={`${player.steps.value.length} ${place}`} class="play__task">
            <div class="play__task-head">
              <strong>{call.name}</strong>
              <span class="tag">{how(call)}</span>
            </div>
            <p class="play__hint">{pairs(call.outputs) || t('play.call.nothing')}</p>
            <Mock draft={draft} call={call} apply={(step) => mock(call, step)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function how({ error, is_scripted }: Call): string {
  if (error) return t('play.call.failed', { code: error });
  return t(is_scripted ? 'play.call.mocked' : 'play.call.self');
}

function pairs(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${shown(value)}`)
    .join('；');
}

function Mock({ draft, call, apply }: { draft: Draft; call: Call; apply(step: Step): void }) {
  const operation = draft.vocabulary.operations.find(({ name }) => name === call.operation);
  const outputs = useSignal<Readonly<Record<string, string>>>(
    Object.fromEntries((operation?.outputs ?? []).map((name) => [name, shown(call.outputs[name])])),
  );
  const code = useSignal(call.error);
  const id = `play-mock-${call.element}`;
  return (
    <details class="disclosure">
      <summary>{t('play.call.edit')}</summary>
      {Object.entries(outputs.value).map(([name, value]) => (
        <p key={name} class="play__field">
          <label for={`${id}-${name}`}>{name}</label>
          <input
            id={`${id}-${name}`}
            class="input"
            value={value}
            onInput={(event) => {
              outputs.value = { ...outputs.value, [name]: event.currentTarget.value };
            }}
          />
        </p>
      ))}
      {Object.keys(outputs.value).length > 0 && (
        <button
          type="button"
          class="button button--small"
          onClick={() => apply({ answer: call.element, outputs: read(outputs.value) })}
        >
          {t('play.call.apply')}
        </button>
      )}
      <p class="play__field">
        <label for={`${id}-code`}>{t('play.call.code')}</label>
        <input
          id={`${id}-code`}
          class="input"
          value={code.value}
          onInput={(event) => {
            code.value = event.currentTarget.value;
          }}
        />
      </p>
      <button
        type="button"
        class="button button--small"
        onClick={() => apply({ fail: call.element, code: code.value })}
      >
        {t('play.call.fail')}
      </button>
    </details>
  );
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What was typed as JSON values; what is none is text. */
function read(typed: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(typed).map(([name, text]) => {
      try {
        return [name, JSON.parse(text) as unknown];
      } catch {
        return [name, text];
      }
    }),
  );
}

/** Play: be each role in turn, with the real forms, on a case that is not one. */
import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import '../../styles/play.css';
import type { Values } from '../../islands/form/viewer';
import { HttpError } from '../../lib/http';
import { notify } from '../../lib/status';
import { Icon } from '../../room/Icon';
import type { Step } from '../content';
import type { Draft } from '../draft';
import { CallList } from '../play/CallList';
import { clockTime, PathList, Script, Variables } from '../play/lists';
import { Picture } from '../play/Picture';
import { Player } from '../play/player';
import { TaskForm } from '../play/TaskForm';
import { kept, nextTimer, type Problem, type ReadyTask, type Trial, until } from '../play/trial';
import { t } from '../words/play';

export default function Play({ draft }: { draft: Draft }) {
  const player = useMemo(() => new Player(draft), [draft]);
  useSignalEffect(() => {
    const { panel, item } = draft.place.value;
    void draft.content.value;
    if (panel !== 'play') return;
    const scenario = item === null ? undefined : draft.content.peek().scenarios[Number(item)];
    if (scenario) {
      draft.show('play'); // loaded once; what is played then is the manager's
      act(player.load(scenario));
    } else act(player.refresh());
  });
  const { trial, refusal, steps, isBusy } = player;
  return (
    <div class="play" aria-busy={isBusy.value}>
      {!trial.value && !refusal.value && <Beginning player={player} />}
      {refusal.value && <Refused player={player} draft={draft} />}
      {trial.value && (
        <>
          <Where draft={draft} trial={trial as Signal<Trial>} />
          <div class="play__work">
            <Controls player={player} trial={trial.value} />
            {trial.value.problem && (
              <Trouble problem={trial.value.problem} back={() => act(player.undo())} />
            )}
            {trial.value.is_finished && (
              <p class="alert alert--success" role="status">
                {t('play.finished')}
              </p>
            )}
            <Tasks draft={draft} player={player} trial={trial.value} />
            <Messages player={player} trial={trial.value} />
            <CallList draft={draft} player={player} trial={trial.value} act={act} />
            <Keep draft={draft} player={player} trial={trial.value} />
            <Script steps={steps.value} trial={trial.value} draft={draft} />
            <PathList trial={trial.value} />
            <Variables trial={trial.value} />
          </div>
        </>
      )}
    </div>
  );
}

/** Let something happen; what the server has against it is told. */
function act(done: Promise<void>): void {
  done.catch((error: unknown) => {
    if (!(error instanceof HttpError)) throw error;
    notify(error.message, 'error');
  });
}

function Beginning({ player }: { player: Player }) {
  return (
    <div class="play__beginning">
      <p>{t('play.intro')}</p>
      <button type="button" class="button button--primary" onClick={() => act(player.start())}>
        {t(player.isBusy.value ? 'play.busy' : 'play.start')}
      </button>
    </div>
  );
}

function Refused({ player, draft }: { player: Player; draft: Draft }) {
  const refusal = player.refusal.value;
  if (!refusal) return null;
  return (
    <div class="alert alert--warning play__refused" role="alert">
      <strong>{t('play.refused')}</strong>
      <p>{refusal.message}</p>
      <ul>
        {refusal.findings.slice(0, 5).map((one) => (
          <li key={`${one.element} ${one.rule} ${one.text}`}>
            {one.name || one.element}：{one.text}
          </li>
        ))}
      </ul>
      <p class="cluster">
        {refusal.findings.length > 0 && (
          <button type="button" class="button button--small" onClick={() => draft.show('checks')}>
            {t('play.refused.go')}
          </button>
        )}
        {player.steps.value.length > 0 && (
          <button type="button" class="button button--small" onClick={() => act(player.undo())}>
            {t('play.undo')}
          </button>
        )}
        <button type="button" class="button button--small" onClick={() => act(player.start())}>
          {t('play.again')}
        </button>
      </p>
    </div>
  );
}

/** The diagram: where the token came by, where it stands, where it got stuck. */
function Where({ draft, trial }: { draft: Draft; trial: Signal<Trial> }) {
  const before = useRef<readonly string[]>([]);
  const picture = useComputed(() => {
    const { entered, flows, standing, problem } = trial.value;
    const marks = new Map<string, string>();
    for (const id of [...entered, ...flows]) marks.set(id, 'is-done');
    for (const id of standing) marks.set(id, 'is-active');
    if (problem?.element) marks.set(problem.element, 'is-stuck');
    const isFurther = before.current.every((id, place) => entered[place] === id);
    const way = isFurther ? entered.slice(before.current.length) : [];
    before.current = entered;
    return { marks, way, tokens: problem?.element ? [...standing, problem.element] : standing };
  });
  const names = new Map(trial.value.path.map(({ element, name }) => [element, name]));
  const where = trial.value.standing.map((id) => names.get(id) ?? id).join(t('play.and'));
  return (
    <Picture
      xml={draft.content.value.diagram}
      label={t('play.picture', { where: where || t('play.nowhere') })}
      {...picture.value}
    />
  );
}

function Controls({ player, trial }: { player: Player; trial: Trial }) {
  const timer = nextTimer(trial);
  const wait = (advance: string) => act(player.take({ advance }));
  const isOver = trial.is_finished || trial.problem !== null;
  return (
    <section class="play__controls" aria-label={t('play.clock')}>
      <p class="play__time">
        <Icon name="clock" />
        <span class="visually-hidden">{t('play.clock')}</span>
        <time dateTime={trial.at} aria-live="polite">
          {clockTime(trial.at)}
        </time>
      </p>
      <div class="cluster">
        <button
          type="button"
          class="button button--small"
          disabled={isOver}
          onClick={() => wait('PT1H')}
        >
          {t('play.hour')}
        </button>
        <button
          type="button"
          class="button button--small"
          disabled={isOver}
          onClick={() => wait('P1D')}
        >
          {t('play.day')}
        </button>
        <button
          type="button"
          class="button button--small"
          disabled={isOver || !timer}
          onClick={() => timer && wait(until(trial.at, timer.due_at))}
        >
          {t('play.timer')}
        </button>
      </div>
      <p class="play__hint">
        {timer
          ? t('play.timer.at', { name: timer.name, at: clockTime(timer.due_at) })
          : t('play.timer.none')}
      </p>
      <div class="cluster">
        <button
          type="button"
          class="button button--small"
          disabled={player.steps.value.length === 0}
          onClick={() => act(player.undo())}
        >
          <Icon name="undo" />
          {t('play.undo')}
        </button>
        <button type="button" class="button button--small" onClick={() => act(player.start())}>
          {t('play.again')}
        </button>
      </div>
    </section>
  );
}

function Trouble({ problem, back }: { problem: Problem; back: () => void }) {
  const { kind, name, text, errors } = problem;
  const params = { name, text, step: problem.step + 1 };
  return (
    <div class="alert alert--error" role="alert">
      <p>{t(kind === 'scenario' ? 'play.problem.astray' : `play.problem.${kind}`, params)}</p>
      {Object.keys(errors).length > 0 && (
        <ul>
          {Object.entries(errors).map(([key, said]) => (
            <li key={key}>
              {key}：{said}
            </li>
          ))}
        </ul>
      )}
      {problem.step >= 0 && (
        <button type="button" class="button button--small" onClick={back}>
          {t('play.back')}
        </button>
      )}
    </div>
  );
}

function Tasks({ draft, player, trial }: { draft: Draft; player: Player; trial: Trial }) {
  const opened = useSignal<ReadyTask | null>(null);
  if (!trial.ready.length || trial.problem) return null;
  const isOpen = (task: ReadyTask) => opened.value === task;
  return (
    <section class="play__part">
      <h2 class="play__heading">{t('play.tasks')}</h2>
      <ul class="play__tasks">
        {trial.ready.map((task) => (
          <li key={`${task.element} ${String(task.item)}`} class="play__task">
            <div class="play__task-head">
              <strong>{task.name}</strong>
              {task.item_label !== null && <span>{String(task.item_label)}</span>}
              {task.due_at && (
                <span class="play__hint">{t('play.due', { at: clockTime(task.due_at) })}</span>
              )}
            </div>
            <button
              type="button"
              class={`button button--small ${isOpen(task) ? '' : 'button--primary'}`}
              aria-expanded={isOpen(task)}
              onClick={() => {
                opened.value = isOpen(task) ? null : task;
              }}
            >
              {isOpen(task) ? t('play.close') : t('play.as', { who: who(draft, task) })}
            </button>
            {isOpen(task) && (
              <TaskForm task={task} submit={(answers) => player.take(completion(task, answers))} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function completion({ element, item }: ReadyTask, answers: Values): Step {
  return item === null ? { complete: element, answers } : { complete: element, answers, item };
}

/** “科室主任（邀请方）” */
function who({ vocabulary }: Draft, { roles, side }: ReadyTask): string {
  const named = vocabulary.roles
    .filter(({ value }) => roles.includes(value))
    .map(({ label }) => label)
    .join('、');
  const at = vocabulary.sides.find(({ value }) => value === side)?.label;
  return named ? (at ? `${named}（${at}）` : named) : t('play.anyone');
}

function Messages({ player, trial }: { player: Player; trial: Trial }) {
  const messages = new Map(
    trial.waits.flatMap(({ message, name }) => (message ? [[message, name]] : [])),
  );
  if (!messages.size || trial.problem) return null;
  return (
    <section class="play__part">
      <h2 class="play__heading">{t('play.waits')}</h2>
      <p class="cluster">
        {[...messages].map(([message, name]) => (
          <button
            key={message}
            type="button"
            class="button button--small"
            onClick={() => act(player.take({ deliver: message, payload: {} }))}
          >
            {t('play.deliver', { name })}
          </button>
        ))}
      </p>
    </section>
  );
}

function Keep({ draft, player, trial }: { draft: Draft; player: Player; trial: Trial }) {
  const name = useSignal('');
  const error = useSignal('');
  if (!draft.mayEdit.value || trial.problem || !player.steps.value.length) return null;
  const keep = (event: Event) => {
    event.preventDefault();
    const called = name.value.trim();
    const { scenarios } = draft.content.peek();
    const isTaken = scenarios.some((one) => one.name === called);
    error.value = called ? (isTaken ? t('play.keep.same') : '') : t('play.keep.empty');
    if (error.value) return;
    const made = kept(called, player.at, player.steps.value, trial);
    draft.change({ scenarios: [...scenarios, made] });
    name.value = '';
    notify(t('play.kept', { name: called }), 'success');
  };
  return (
    <form class="play__keep" onSubmit={keep} noValidate>
      <label class="play__label" for="play-keep-name">
        {t('play.keep.name')}
      </label>
      <div class="play__keep-row">
        <input
          id="play-keep-name"
          class="input"
          maxLength={100}
          value={name.value}
          aria-describedby="play-keep-hint"
          aria-invalid={error.value !== ''}
          onInput={(event) => {
            name.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="button">
          {t('play.keep')}
        </button>
      </div>
      <p id="play-keep-hint" class={error.value ? 'field__error' : 'play__hint'} role="status">
        {error.value || t('play.keep.hint')}
      </p>
    </form>
  );
}

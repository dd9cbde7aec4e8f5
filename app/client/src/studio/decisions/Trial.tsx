/** A row of inputs to try a decision with, what comes of it, and the rules behind it. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { Icon } from '../../room/Icon';
import type { Draft } from '../draft';
import { t } from '../words/decisions';
import { outputLabels, ruleIds } from './files';
import { highlight } from './highlight';
import { type Answer, type Field, type Step, useTrial } from './trial';

interface Props {
  draft: Draft;
  xml: string;
  decision: string;
}

export function Trial({ draft, xml, decision }: Props) {
  const inputs = useSignal<Readonly<Record<string, string>>>({});
  const isAway = draft.place.value.panel !== 'decisions';
  const state = useTrial(draft.url, { xml, decision, inputs: inputs.value }, isAway);
  const { answer, problem } = state.value;
  const isAsked = Object.values(inputs.value).some(Boolean) || answer?.fields.length === 0;
  const matched = isAsked ? matchedRules(xml, answer) : [];
  useEffect(() => highlight(matched), [matched.join(' ')]);
  return (
    <section class="trial" aria-labelledby="trial-title">
      <div class="trial__head">
        <h3 id="trial-title">{t('trial.title')}</h3>
        <span class="field__hint">{t('trial.hint')}</span>
        {isAsked && (answer?.fields.length ?? 0) > 0 && (
          <button
            type="button"
            class="button button--quiet button--small"
            onClick={() => {
              inputs.value = {};
            }}
          >
            {t('trial.clear')}
          </button>
        )}
      </div>
      {problem && (
        <p class="alert alert--warning" role="alert">
          {t('trial.failed', { reason: problem })}
        </p>
      )}
      {answer && answer.fields.length > 0 && (
        <div class="trial__fields">
          {answer.fields.map((field) => (
            <Input
              key={field.name}
              field={field}
              inputs={inputs}
              fault={answer.faults[field.name]}
            />
          ))}
        </div>
      )}
      <div class="trial__outcome" aria-live="polite">
        {answer && <Outcome answer={answer} xml={xml} isAsked={isAsked} />}
      </div>
    </section>
  );
}

/** Ids of the rules that matched, of all decisions that were evaluated. */
function matchedRules(xml: string, answer: Answer | null): readonly string[] {
  return (answer?.steps ?? []).flatMap(({ decision, rules }) => {
    const ids = ruleIds(xml, decision);
    return rules.map((number) => ids[number - 1] ?? '').filter(Boolean);
  });
}

/** The browser's own fields for types that have one. */
const KINDS: Readonly<Record<string, string>> = {
  date: 'date',
  time: 'time',
  dateTime: 'datetime-local',
};

function Input({
  field,
  inputs,
  fault,
}: {
  field: Field;
  inputs: Signal<Readonly<Record<string, string>>>;
  fault: string | undefined;
}) {
  const id = useId();
  const { name, label, type, choices } = field;
  const write = (event: { currentTarget: { value: string } }) => {
    inputs.value = { ...inputs.peek(), [name]: event.currentTarget.value };
  };
  const attributes = {
    id,
    class: 'input',
    value: inputs.value[name] ?? '',
    'aria-invalid': fault !== undefined,
    'aria-describedby': `${id}-hint`,
  };
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      {type === 'boolean' ? (
        <select {...attributes} onChange={write}>
          <option value="">{t('trial.open')}</option>
          <option value="true">{t('trial.yes')}</option>
          <option value="false">{t('trial.no')}</option>
        </select>
      ) : (
        <input
          {...attributes}
          type={KINDS[type] ?? 'text'}
          inputMode={type === 'number' ? 'decimal' : undefined}
          list={choices.length ? `${id}-choices` : undefined}
          autocomplete="off"
          onInput={write}
        />
      )}
      {choices.length > 0 && type !== 'boolean' && (
        <datalist id={`${id}-choices`}>
          {choices.map((choice) => (
            <option key={String(choice)} value={String(choice)} />
          ))}
        </datalist>
      )}
      <span id={`${id}-hint`} class={fault ? 'field__error' : 'field__hint'}>
        {fault ?? hintOf(field)}
      </span>
    </div>
  );
}

/** The variable, where the label says something else, and what it may be. */
function hintOf({ name, label, type, choices }: Field): string {
  const shown = [
    ...(name === label ? [] : [name]),
    ...(type && type !== 'Any' ? [] : [t('trial.any')]),
    ...(choices.length && choices.length <= 6 ? [choices.join(' / ')] : []),
  ];
  return shown.join(' · ');
}

function Outcome({ answer, xml, isAsked }: { answer: Answer; xml: string; isAsked: boolean }) {
  const { steps, problems, fields } = answer;
  if (!fields.length && !steps.length && problems.length)
    return <Problems title={t('trial.wrong')} problems={problems} />;
  if (Object.keys(answer.faults).length) return null;
  if (!isAsked) return <p class="field__hint">{t('trial.waiting')}</p>;
  const own = steps.at(-1);
  return (
    <>
      {steps.slice(0, -1).map((step) => (
        <StepLine key={step.decision} step={step} xml={xml} isLast={false} />
      ))}
      {own && <StepLine step={own} xml={xml} isLast />}
      {problems.length > 0 && <Problems problems={problems} />}
    </>
  );
}

function Problems({ title, problems }: { title?: string; problems: Answer['problems'] }) {
  return (
    <div class="alert alert--warning">
      <Icon name="warning" />
      <div class="alert__text">
        {title && <p class="alert__title">{title}</p>}
        <ul>
          {problems.map(({ decision, rule, text }) => (
            <li key={`${decision} ${rule} ${text}`}>
              {rule === null ? text : t('trial.rule', { rule, text })}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** One decision that was evaluated: its inputs, the rules that matched, and its value. */
function StepLine({ step, xml, isLast }: { step: Step; xml: string; isLast: boolean }) {
  const { decision, name, inputs, rules, value } = step;
  const isTable = ruleIds(xml, decision).length > 0;
  return (
    <div class={`trial__step ${isLast ? 'trial__step--last' : ''}`}>
      <div class="trial__why">
        <strong>{isLast ? t('trial.result') : t('trial.required', { name })}</strong>
        {inputs.map((one) => (
          <span key={one.label}>
            {t('trial.input', { label: one.label, value: shown(one.value) })}
          </span>
        ))}
        {isTable && (
          <span class={rules.length ? 'trial__hit' : 'trial__miss'}>
            <Icon name={rules.length ? 'check' : 'info'} />
            {rules.length
              ? t('trial.matched', { rules: rules.join(t('trial.and')) })
              : t('trial.unmatched')}
          </span>
        )}
      </div>
      <Value value={value} labels={outputLabels(xml, decision)} />
    </div>
  );
}

function Value({ value, labels }: { value: unknown; labels: ReadonlyMap<string, string> }) {
  if (value === null) return <p class="trial__nothing">{t('trial.nothing')}</p>;
  if (!isContext(value)) return <p class="trial__value">{shown(value)}</p>;
  return (
    <dl class="trial__values">
      {inOrder(value, labels).map((name) => (
        <div key={name}>
          <dt title={name}>{labels.get(name) ?? name}</dt>
          <dd>{shown(value[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** As the columns of the table stand. */
function inOrder(value: object, labels: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...labels.keys(), ...Object.keys(value)])].filter((name) => name in value);
}

function isContext(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === null) return t('trial.nothing');
  if (typeof value === 'boolean') return t(value ? 'trial.yes' : 'trial.no');
  if (Array.isArray(value)) return value.map(shown).join(t('trial.and'));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

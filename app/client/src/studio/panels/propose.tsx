/** Where a draft leaves the author's hands: why it is changed, and what became of earlier ones. */
import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import '../../styles/studio-propose.css';
import { getJson, HttpError, postJson } from '../../lib/http';
import type { Finding, Person } from '../content';
import type { Draft } from '../draft';
import { t } from '../words/propose';

interface Proposal {
  id: number;
  state: 'open' | 'signed' | 'refused' | 'withdrawn';
  reason: string;
  proposed_by: Person;
  refusal: string;
  url: string;
}

const BADGES = {
  open: 'pending',
  signed: 'completed',
  refused: 'refused',
  withdrawn: 'cancelled',
} as const;

export default function Propose({ draft }: { draft: Draft }) {
  const proposals = useSignal<readonly Proposal[] | null>(null);
  const problem = useSignal('');
  useEffect(() => {
    const left = new AbortController();
    getJson<{ proposals: Proposal[] }>(`${draft.url}/proposals`, { signal: left.signal }).then(
      (answer) => {
        proposals.value = answer.proposals;
      },
      (error: unknown) => {
        if (left.signal.aborted) return;
        if (!(error instanceof HttpError)) throw error;
        problem.value = error.message;
      },
    );
    return () => left.abort();
  }, [draft, proposals, problem]);
  const open = proposals.value?.find(({ state }) => state === 'open');
  return (
    <div class="propose">
      {problem.value && (
        <p class="alert alert--error" role="alert">
          {problem.value}
        </p>
      )}
      {open ? <Waiting proposal={open} /> : <Form draft={draft} />}
      <div class="propose__side">
        <Files draft={draft} />
        <History proposals={proposals.value ?? []} />
      </div>
    </div>
  );
}

function Waiting({ proposal }: { proposal: Proposal }) {
  return (
    <p class="alert alert--info">
      <span>
        {t('propose.open')} <a href={proposal.url}>{proposal.reason}</a>
      </span>
    </p>
  );
}

function Form({ draft }: { draft: Draft }) {
  const id = useId();
  const reason = useSignal('');
  const isBusy = useSignal(false);
  const refusal = useSignal('');
  const faults = draft.findings.value.filter(({ severity }) => severity === 'error').length;
  const submit = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    refusal.value = '';
    try {
      location.assign(await propose(draft, reason.value));
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      refusal.value = why(error);
      const { findings } = error.details;
      if (Array.isArray(findings)) draft.findings.value = findings as Finding[];
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <section class="panel" aria-labelledby={`${id}-title`}>
      <div class="panel__header">
        <h2 id={`${id}-title`}>{t('propose.title')}</h2>
      </div>
      <form class="form panel__body" onSubmit={submit}>
        <p>{t('propose.how')}</p>
        {faults > 0 && (
          <p class="alert alert--warning">
            <span>
              {t('propose.faults', { count: faults })}{' '}
              <button
                type="button"
                class="button button--small"
                onClick={() => draft.show('checks')}
              >
                {t('propose.show')}
              </button>
            </span>
          </p>
        )}
        <div class="field">
          <label class="field__label" for={`${id}-reason`}>
            {t('propose.reason')}
          </label>
          <textarea
            class="input"
            id={`${id}-reason`}
            rows={4}
            maxLength={2000}
            required
            disabled={!draft.mayEdit.value}
            aria-describedby={`${id}-hint`}
            value={reason.value}
            onInput={(event) => {
              reason.value = event.currentTarget.value;
            }}
          />
          <p class="field__hint" id={`${id}-hint`}>
            {t('propose.reason.hint')}
          </p>
        </div>
        <p role="alert" class="propose__refusal">
          {refusal.value && t('propose.refused', { reason: refusal.value })}
        </p>
        <div class="form__actions">
          <button
            type="submit"
            class="button button--primary"
            disabled={!draft.mayEdit.value || isBusy.value}
          >
            {t(isBusy.value ? 'propose.submitting' : 'propose.submit')}
          </button>
        </div>
      </form>
    </section>
  );
}

/** The page of the proposal that was made of what is on the server then. */
async function propose(draft: Draft, reason: string): Promise<string> {
  await draft.save();
  const body = { revision: draft.revision(), reason };
  const options = { timeoutMs: 120_000 }; // checks, scenarios and history take their time
  return (await postJson<Proposal>(`${draft.url}/proposals`, body, options)).url;
}

/** One sentence: what is wrong with a field, else what the server said. */
function why({ errors, details, message }: HttpError): string {
  if (Array.isArray(details.findings))
    return t('propose.faults', { count: details.findings.length });
  return Object.values(errors)[0] ?? message;
}

function Files({ draft }: { draft: Draft }) {
  const page = draft.url.replace('/api', '');
  return (
    <section class="panel" aria-label={t('propose.files')}>
      <div class="panel__body cluster">
        <a class="button" href={`${page}/comparison`}>
          {t('propose.compare')}
        </a>
        <a class="button" href={`${page}/pack`} download>
          {t('propose.export')}
        </a>
        {draft.mayEdit.value && (
          <a class="button" href={`${page}/import`}>
            {t('propose.import')}
          </a>
        )}
      </div>
    </section>
  );
}

function History({ proposals }: { proposals: readonly Proposal[] }) {
  return (
    <section class="panel" aria-label={t('propose.history')}>
      <div class="panel__header">
        <h2>{t('propose.history')}</h2>
      </div>
      {!proposals.length && <p class="panel__body">{t('propose.none')}</p>}
      <ul class="propose__history">
        {proposals.map(({ id, state, reason, proposed_by, url }) => (
          <li key={id}>
            <span class={`badge badge--${BADGES[state]}`}>{t(`propose.state.${state}`)}</span>
            <a href={url}>{reason}</a>
            <span class="propose__by">{t('propose.by', { name: proposed_by.name })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

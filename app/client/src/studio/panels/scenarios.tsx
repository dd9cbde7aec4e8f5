/** The kept scenarios: which still pass, where one leaves its way, and what none of them tries. */
import { useComputed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import '../../styles/play.css';
import { Icon } from '../../room/Icon';
import type { Scenario } from '../content';
import type { Draft } from '../draft';
import { Picture } from '../play/Picture';
import { type Coverage, type Verdict, watchScenarios } from '../play/runs';
import { t } from '../words/scenarios';

export default function Scenarios({ draft }: { draft: Draft }) {
  const watched = useMemo(() => watchScenarios(draft), [draft]);
  const { scenarios } = draft.content.value;
  const runs = watched.runs.value;
  if (!scenarios.length) return <None draft={draft} />;
  return (
    <div class="scenarios" aria-busy={watched.isRunning.value}>
      <p class="scenarios__summary" role="status">
        {watched.isRunning.value
          ? t('scenarios.running')
          : runs &&
            t('scenarios.summary', {
              passed: runs.verdicts.filter((one) => one.is_passed).length,
              count: runs.verdicts.length,
            })}
      </p>
      {watched.refusal.value && (
        <p class="alert alert--warning">
          {t('scenarios.refused', { reason: watched.refusal.value })}
        </p>
      )}
      <div class="table-wrap table-wrap--cards panel">
        <table class="table">
          <caption class="visually-hidden">{t('scenarios.caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('scenarios.name')}</th>
              <th scope="col">{t('scenarios.result')}</th>
              <th scope="col">
                <span class="visually-hidden">{t('scenarios.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {scenarios.map((scenario, place) => (
              <Row
                key={scenario.name}
                draft={draft}
                scenario={scenario}
                place={place}
                verdict={runs?.verdicts[place]}
              />
            ))}
          </tbody>
        </table>
      </div>
      {runs && <Covered draft={draft} coverage={runs.coverage} />}
    </div>
  );
}

function None({ draft }: { draft: Draft }) {
  return (
    <div class="play__beginning">
      <p>{t('scenarios.none')}</p>
      <button type="button" class="button button--primary" onClick={() => draft.show('play')}>
        {t('scenarios.none.go')}
      </button>
    </div>
  );
}

interface RowProps {
  draft: Draft;
  scenario: Scenario;
  place: number;
  verdict: Verdict | undefined;
}

function Row({ draft, scenario, place, verdict }: RowProps) {
  const isRenaming = useSignal(false);
  const replace = (...those: Scenario[]) => {
    const scenarios = draft.content.peek().scenarios;
    draft.change({
      scenarios: [...scenarios.slice(0, place), ...those, ...scenarios.slice(place + 1)],
    });
  };
  const isOther = verdict?.difference && !verdict.problem;
  return (
    <tr>
      <th scope="row">
        {isRenaming.value ? (
          <Rename
            name={scenario.name}
            done={(name) => {
              isRenaming.value = false;
              if (name && name !== scenario.name) replace({ ...scenario, name });
            }}
          />
        ) : (
          scenario.name
        )}
        <span class="table__sub">{t('scenarios.steps', { count: scenario.steps.length })}</span>
      </th>
      <td data-label={t('scenarios.result')}>
        <div>{verdict && <Outcome verdict={verdict} />}</div>
      </td>
      <td class="table__actions">
        <div class="cluster">
          <Button act={() => draft.show('play', String(place))} label={t('scenarios.replay')} />
          {draft.mayEdit.value && (
            <>
              {isOther && (
                <Button
                  act={() => replace({ ...scenario, expected: verdict.entered })}
                  label={t('scenarios.accept')}
                />
              )}
              <Button
                act={() => {
                  isRenaming.value = true;
                }}
                label={t('scenarios.rename')}
              />
              <Button act={() => replace()} label={t('scenarios.delete')} />
            </>
          )}
        </div>
      </td>
    </tr>
  );
}

function Button({ act, label }: { act: () => void; label: string }) {
  return (
    <button type="button" class="button button--small" onClick={act}>
      {label}
    </button>
  );
}

function Rename({ name, done }: { name: string; done(name: string): void }) {
  const written = useSignal(name);
  return (
    <form
      class="play__keep-row"
      onSubmit={(event) => {
        event.preventDefault();
        done(written.value.trim());
      }}
    >
      <input
        class="input"
        aria-label={t('scenarios.rename.label', { name })}
        maxLength={100}
        value={written.value}
        ref={(input) => input?.focus()}
        onInput={(event) => {
          written.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => event.key === 'Escape' && done(name)}
      />
      <button type="submit" class="button button--small">
        {t('scenarios.rename.done')}
      </button>
    </form>
  );
}

function Outcome({ verdict }: { verdict: Verdict }) {
  const { is_passed } = verdict;
  return (
    <>
      <span class={`scenarios__verdict scenarios__verdict--${is_passed ? 'passed' : 'failed'}`}>
        <Icon name={is_passed ? 'success' : 'error'} />
        {t(is_passed ? 'scenarios.passed' : 'scenarios.failed')}
      </span>
      {!is_passed && <p class="scenarios__why">{why(verdict)}</p>}
    </>
  );
}

/** The first thing that is not as it was. */
function why({ problem, difference }: Verdict): string {
  if (problem) {
    const { kind, name, step, text, errors } = problem;
    const fields = Object.values(errors).join(' ');
    return t(`scenarios.problem.${kind}`, { name, step: step + 1, text: fields || text });
  }
  const params = {
    place: (difference?.place ?? 0) + 1,
    expected: difference?.expected?.name ?? '',
    entered: difference?.entered?.name ?? '',
  };
  if (!difference?.expected) return t('scenarios.difference.more', params);
  return t(difference.entered ? 'scenarios.difference' : 'scenarios.difference.less', params);
}

function Covered({ draft, coverage }: { draft: Draft; coverage: Coverage }) {
  const { percent, elements_left, flows_left } = coverage;
  const marks = useComputed(() => {
    const found = watchScenarios(draft).runs.value?.coverage;
    const done = [...(found?.elements ?? []), ...(found?.flows ?? [])];
    const left = [...(found?.elements_left ?? []), ...(found?.flows_left ?? [])];
    return new Map([
      ...done.map((id) => [id, 'is-done'] as const),
      ...left.map(({ element }) => [element, 'is-left'] as const),
    ]);
  });
  const count = elements_left.length + flows_left.length;
  return (
    <section class="scenarios__coverage" aria-labelledby="scenarios-coverage">
      <h2 id="scenarios-coverage" class="play__heading">
        {t('scenarios.coverage')}
      </h2>
      <label class="scenarios__meter">
        {t('scenarios.coverage.label', { percent })}
        <progress max={100} value={percent} />
      </label>
      <Picture
        xml={draft.content.value.diagram}
        label={t('scenarios.picture', { percent })}
        marks={marks.value}
      />
      {count === 0 ? (
        <p>{t('scenarios.left.none')}</p>
      ) : (
        <details class="disclosure">
          <summary>{t('scenarios.left', { count })}</summary>
          <div class="scenarios__left">
            <Left
              title={t('scenarios.left.elements')}
              names={elements_left.map(({ name }) => name)}
            />
            <Left title={t('scenarios.left.flows')} names={flows_left.map(flowName)} />
          </div>
        </details>
      )}
    </section>
  );
}

function flowName({ name, source, target }: Coverage['flows_left'][number]): string {
  const way = t('scenarios.left.flow', { source, target });
  return name ? `${name}（${way}）` : way;
}

function Left({ title, names }: { title: string; names: readonly string[] }) {
  if (!names.length) return null;
  return (
    <div>
      <h3 class="play__heading">{title}</h3>
      <ul class="play__list">
        {names.map((name, place) => (
          <li key={`${place} ${name}`}>{name}</li>
        ))}
      </ul>
    </div>
  );
}

/** What if: the newest finished cases run along the draft, told in numbers. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import '../../styles/play.css';
import { HttpError } from '../../lib/http';
import type { Content } from '../content';
import type { Draft } from '../draft';
import { type Change, type Progress, type Report, runHistory, signedHours } from '../play/history';
import { t } from '../words/history';

const COUNTS = [20, 50, 100, 200, 500];
const USUAL = 50;

export default function WhatIf({ draft }: { draft: Draft }) {
  const count = useSignal(USUAL);
  const progress = useSignal<Progress | null>(null);
  const report = useSignal<Report | null>(null);
  const problem = useSignal('');
  const run = useSignal<Content | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const start = async () => {
    stop.current = new AbortController();
    const content = draft.content.peek();
    problem.value = '';
    report.value = null;
    progress.value = { done: 0, of: count.value };
    try {
      const body = { content, count: count.value };
      report.value = await runHistory(
        `${draft.url}/what-if`,
        body,
        (now) => {
          progress.value = now;
        },
        stop.current.signal,
      );
      run.value = content;
    } catch (error) {
      if (stop.current.signal.aborted) return;
      if (!(error instanceof HttpError)) throw error;
      problem.value = t('history.failed', { reason: error.message });
    } finally {
      progress.value = null;
    }
  };

  return (
    <div class="scenarios">
      <p class="history__intro">{t('history.intro')}</p>
      <form
        class="history__form"
        onSubmit={(event) => {
          event.preventDefault();
          if (progress.value) stop.current?.abort();
          else start().catch(reportError);
        }}
      >
        <label for="history-count">{t('history.count')}</label>
        <select
          id="history-count"
          class="input"
          value={count.value}
          disabled={progress.value !== null}
          onChange={(event) => {
            count.value = Number(event.currentTarget.value);
          }}
        >
          {COUNTS.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <button type="submit" class={`button ${progress.value ? '' : 'button--primary'}`}>
          {t(progress.value ? 'history.stop' : 'history.run')}
        </button>
      </form>
      <Running progress={progress} />
      {problem.value && (
        <p class="alert alert--error" role="alert">
          {problem.value}
        </p>
      )}
      {report.value && run.value !== draft.content.value && (
        <p class="alert alert--warning">{t('history.old')}</p>
      )}
      {report.value && <Told report={report.value} />}
    </div>
  );
}

function Running({ progress }: { progress: Signal<Progress | null> }) {
  if (!progress.value) return null;
  const { done, of } = progress.value;
  return (
    <div class="scenarios__meter">
      <span role="status">{t('history.running', { done, of })}</span>
      <progress
        max={Math.max(1, of)}
        value={done}
        aria-label={t('history.running', { done, of })}
      />
    </div>
  );
}

const OUTCOMES = ['same', 'other', 'stuck', 'unknown', 'unlike'] as const;

function Told({ report }: { report: Report }) {
  if (!report.cases) return <p>{t('history.none')}</p>;
  return (
    <>
      <section class="panel" aria-labelledby="history-summary">
        <div class="panel__header">
          <h2 id="history-summary">{t('history.summary', { cases: report.cases })}</h2>
        </div>
        <dl class="history__outcomes">
          {OUTCOMES.map((one) => (
            <div key={one} class={`history__outcome history__outcome--${report[one] ? one : 'no'}`}>
              <dt>{t(`history.${one}`)}</dt>
              <dd>{report[one]}</dd>
            </div>
          ))}
        </dl>
      </section>
      {report.total && <Waiting report={report} total={report.total} />}
      <Groups
        title={t('history.partings')}
        rows={report.partings.map(({ expected, entered, count }) => ({
          text: parting(expected.name, entered.name),
          count,
        }))}
      />
      <Groups
        title={t('history.troubles')}
        rows={report.troubles.map(({ name, text, count }) => ({
          text: t('history.trouble', { name, text }),
          count,
        }))}
      />
      <Groups
        title={t('history.assumed')}
        rows={report.assumed.map(({ name, count }) => ({ text: name, count }))}
      />
      <p class="play__hint">{t('history.method')}</p>
    </>
  );
}

function parting(expected: string, entered: string): string {
  if (!expected) return t('history.parting.longer', { entered });
  if (!entered) return t('history.parting.shorter', { expected });
  return t('history.parting', { expected, entered });
}

function Waiting({ report, total }: { report: Report; total: Change }) {
  const headings = (['role', 'before', 'after', 'change', 'interval'] as const).map((one) =>
    t(`history.${one}`),
  );
  const rows = [
    ...report.roles.map((one) => ({ ...one, label: one.label || t('history.nobody') })),
    { ...total, role: 'total', label: t('history.total') },
  ];
  return (
    <div class="table-wrap table-wrap--cards panel">
      <table class="table">
        <caption class="history__caption">{t('history.waiting')}</caption>
        <thead>
          <tr>
            {headings.map((one) => (
              <th key={one} scope="col">
                {one}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.role}>
              <th scope="row">{row.label}</th>
              {[
                hours(row.before_s),
                hours(row.after_s),
                signed(row.change_s),
                `${signedHours(row.low_s)} … ${signedHours(row.high_s)}`,
              ].map((text, place) => (
                <td key={headings[place + 1]} data-label={headings[place + 1]}>
                  <div>{text}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function hours(seconds: number): string {
  return t('history.hours', { count: (seconds / 3600).toFixed(1) });
}

function signed(seconds: number): string {
  const count = signedHours(seconds);
  return count === '0' ? t('history.zero') : t('history.hours', { count });
}

function Groups({
  title,
  rows,
}: {
  title: string;
  rows: readonly { text: string; count: number }[];
}) {
  if (!rows.length) return null;
  return (
    <section>
      <h2 class="play__heading">{title}</h2>
      <ul class="play__list">
        {rows.map(({ text, count }) => (
          <li key={text}>
            {text} <span class="tag">{t('history.cases', { count })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

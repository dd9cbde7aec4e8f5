/** How a notice would read: the server's own renderer, asked as one writes. */
import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { HttpError, postJson } from '../../lib/http';
import { t } from '../words/notices';
import { LANGUAGES, type Language, type Preview, type Reading, type Texts } from './texts';

const QUIET_MS = 250;

export interface PreviewState {
  answer: Preview | null;
  problem: string;
}

/** What the server says to these texts; asked once nobody has typed for a moment. */
export function usePreview(
  url: string,
  template: string,
  texts: Texts,
): ReadonlySignal<PreviewState> {
  const state = useSignal<PreviewState>({ answer: null, problem: '' });
  const asked = JSON.stringify({ template, texts });
  useEffect(() => {
    const left = new AbortController();
    const ask = async () => {
      try {
        const body: unknown = JSON.parse(asked);
        const answer = await postJson<Preview>(`${url}/notice-previews`, body, {
          signal: left.signal,
        });
        state.value = { answer, problem: '' };
      } catch (error) {
        if (left.signal.aborted) return;
        if (!(error instanceof HttpError)) throw error;
        state.value = { ...state.peek(), problem: error.message };
      }
    };
    const timer = setTimeout(() => void ask(), state.peek().answer ? QUIET_MS : 0);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [url, asked, state]);
  return state;
}

export function PreviewCards({ state: { answer, problem } }: { state: PreviewState }) {
  const known = useSignal<'whole' | 'bare'>('whole');
  return (
    <section class="wording__preview" aria-label={t('notices.preview')}>
      <div class="wording__part-head">
        <h3>{t('notices.preview')}</h3>
        <span class="field__hint">{t('notices.preview.hint')}</span>
        <fieldset class="wording__known">
          <legend class="visually-hidden">{t('notices.preview')}</legend>
          {(['whole', 'bare'] as const).map((one) => (
            <button
              key={one}
              type="button"
              class="button button--small"
              aria-pressed={known.value === one}
              onClick={() => {
                known.value = one;
              }}
            >
              {t(`notices.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {problem && (
        <p class="alert alert--warning" role="alert">
          {t('notices.preview.failed', { reason: problem })}
        </p>
      )}
      <div class="wording__languages">
        {LANGUAGES.map((language) => {
          const reading = answer?.languages[language];
          return (
            reading && (
              <Cards key={language} language={language} reading={reading} known={known.value} />
            )
          );
        })}
      </div>
    </section>
  );
}

function Cards({
  language,
  reading,
  known,
}: {
  language: Language;
  reading: Reading;
  known: 'whole' | 'bare';
}) {
  const { title, body, sms } = reading[known];
  return (
    <div class="wording__cards" lang={language === 'en' ? 'en' : 'zh-CN'}>
      <div class="wording__card">
        <span class="wording__way">{t('notices.preview.app')}</span>
        <strong>{title}</strong>
        <p>{body}</p>
      </div>
      {sms !== undefined && (
        <div class="wording__card wording__card--sms">
          <span class="wording__way">{t('notices.preview.sms')}</span>
          <p>{sms}</p>
          {reading.sms && <small>{t('notices.size', { ...reading.sms })}</small>}
        </div>
      )}
    </div>
  );
}

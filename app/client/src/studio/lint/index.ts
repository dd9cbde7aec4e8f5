/** The linter for whoever draws: the same rules as on the server, in a worker of its own. */
import type { Finding } from '../content';
import type { Context } from './case';
import type { Answer, Question } from './worker';

export type { Context } from './case';

/** What was asked is no longer wanted: a newer question took its place. */
export class Superseded extends Error {}

interface Open {
  number: number;
  language: Context['language'];
  resolve(findings: Finding[]): void;
  reject(reason: Error): void;
}

let worker: Worker | null = null;
let open: Open | null = null;
let asked = 0;

/**
 * What is to be said of a diagram. A newer call ends an older one, which rejects with Superseded:
 * the thread may be busy with it and is then replaced.
 */
export function lint(xml: string, context: Context): Promise<Finding[]> {
  cancel();
  worker ??= start();
  asked += 1;
  const number = asked;
  return new Promise((resolve, reject) => {
    open = { number, language: context.language, resolve, reject };
    worker?.postMessage({ number, xml, context } satisfies Question);
  });
}

/** Stop what is under way. */
export function cancel(): void {
  if (open) {
    worker?.terminate();
    worker = null;
    open.reject(new Superseded());
    open = null;
  }
}

function start(): Worker {
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    if (open?.number !== data.number) {
      return;
    }
    const { language, resolve, reject } = open;
    open = null;
    if (data.said) {
      resolve(
        data.said.map(({ element, name, rule, severity, ...texts }) => ({
          element,
          name,
          rule,
          severity,
          text: texts[language],
          file: '',
        })),
      );
    } else {
      reject(new Error('the diagram could not be checked'));
    }
  });
  started.addEventListener('error', () => {
    open?.reject(new Error('the checks could not be started'));
    open = null;
    worker = null;
  });
  return started;
}

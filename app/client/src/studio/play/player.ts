/** One trial case: its script, and where the server says it leads. Undoing is a script with less in it. */
import { signal } from '@preact/signals';
import { HttpError, postJson } from '../../lib/http';
import type { Content, Scenario, Step } from '../content';
import type { Draft } from '../draft';
import { presentHour, type Trial, type Unplayable } from './trial';

export class Player {
  readonly trial = signal<Trial | null>(null);
  readonly steps = signal<readonly Step[]>([]);
  readonly isBusy = signal(false);
  /** Why the draft cannot be played now. */
  readonly refusal = signal<Unplayable | null>(null);
  at = presentHour();
  #variables: Scenario['variables'] = {};
  #played: Content | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly draft: Draft) {}

  /** Begin anew. */
  start(): Promise<void> {
    this.at = presentHour();
    this.#variables = {};
    return this.#inTurn(() => this.#show([]));
  }

  /** Begin with a scenario's script. */
  load({ at, variables, steps }: Scenario): Promise<void> {
    this.at = at;
    this.#variables = variables;
    return this.#inTurn(() => this.#show(steps));
  }

  /** Do one thing more. Throws HttpError with the fields a form refuses; then nothing was done. */
  take(step: Step): Promise<void> {
    return this.#inTurn(() => this.#play([...this.steps.value, step]));
  }

  /** Take another script of the same case. */
  retake(steps: readonly Step[]): Promise<void> {
    return this.#inTurn(() => this.#show(steps));
  }

  /** Back to before the last step, or to before the one that could not be done. */
  undo(): Promise<void> {
    return this.#inTurn(() => {
      const problem = this.trial.value?.problem;
      const last = problem ? problem.step : this.steps.value.length - 1;
      return this.#show(this.steps.value.slice(0, Math.max(0, last)));
    });
  }

  /** Play the same script again if the draft has changed since. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const isOld = this.#played !== null && this.#played !== this.draft.content.peek();
      if (isOld) await this.#show(this.steps.value);
    });
  }

  /** One after the other: each goes on from what the one before came to. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => {});
    return done;
  }

  async #show(steps: readonly Step[]): Promise<void> {
    try {
      await this.#play(steps);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      this.steps.value = steps;
      this.trial.value = null;
      this.refusal.value = unplayable(error);
    }
  }

  async #play(steps: readonly Step[]): Promise<void> {
    const content = this.draft.content.peek();
    const scenario = { name: '', at: this.at, variables: this.#variables, steps, expected: [] };
    this.isBusy.value = true;
    try {
      const trial = await postJson<Trial>(`${this.draft.url}/trials`, { content, scenario });
      this.trial.value = trial;
      this.steps.value = steps;
      this.refusal.value = null;
    } finally {
      this.#played = content;
      this.isBusy.value = false;
    }
  }
}

function unplayable(error: HttpError): Unplayable {
  const [first] = Object.values(error.errors);
  const { findings } = error.details as Partial<Unplayable>;
  return { message: first ?? error.message, findings: findings ?? [] };
}

/** The thread that lints, so that typing is never waited for. */
import type { Context, Said } from './case';
import { judge } from './judge';

export interface Question {
  number: number;
  xml: string;
  context: Context;
}

export interface Answer {
  number: number;
  said: Said[] | null;
}

addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  const said = await judge(data.xml, data.context).catch(() => null);
  postMessage({ number: data.number, said } satisfies Answer);
});

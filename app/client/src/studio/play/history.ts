/** Past cases along a draft: the server tells its progress line by line, then reports. */
import { HttpError, postLines } from '../../lib/http';
import type { Content } from '../content';
import type { Named } from './trial';

/** Seconds for each case, before and after, the mean change and its 95% interval. */
export interface Change {
  cases: number;
  before_s: number;
  after_s: number;
  change_s: number;
  low_s: number;
  high_s: number;
}

export interface Report {
  cases: number;
  same: number;
  other: number;
  stuck: number;
  unknown: number;
  unlike: number;
  roles: readonly (Change & { role: string; label: string })[];
  total: Change | null;
  /** An empty element is an end. */
  partings: readonly { expected: Named; entered: Named; count: number }[];
  troubles: readonly (Named & { outcome: string; text: string; count: number })[];
  assumed: readonly (Named & { count: number })[];
}

export interface Progress {
  done: number;
  of: number;
}

type Line = Progress | { report: Report } | { error: { code: string; message: string } };

/** Run `count` cases along a content. Throws HttpError. */
export async function runHistory(
  url: string,
  body: { content: Content; count: number },
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Report> {
  for await (const line of postLines<Line>(url, body, signal)) {
    if ('report' in line) return line.report;
    if ('error' in line) throw new HttpError(422, line.error.code, line.error.message);
    tell(line);
  }
  throw new HttpError(0, 'offline', '');
}

/** “+1.5”, “−0.3”, “0”: hours with sign. */
export function signedHours(seconds: number): string {
  const hours = Math.round(seconds / 360) / 10;
  if (hours === 0) return '0';
  return `${hours > 0 ? '+' : '−'}${Math.abs(hours).toFixed(1)}`;
}

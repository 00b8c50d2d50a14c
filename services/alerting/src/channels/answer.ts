import { createHash } from 'node:crypto';
import { judgeStatus, retryAfterMs } from '@beacontower/domain';
import { type SendResult, shortened } from '@beacontower/mail';
import { withoutCredentials } from '@beacontower/runtime';
import type { HttpAnswer } from './http.ts';

/** What an answer with a 2xx status is worth, where the status does not say all; null: what the status says. */
export type BodyVerdict = Pick<SendResult, 'outcome' | 'error' | 'retryAfterMs'> | null;

export interface AnswerReading {
  /** Epoch ms. */
  readonly now: number;
  /** What was sent. */
  readonly sent: string;
  /** What must appear nowhere: URLs with keys, tokens. */
  readonly hidden: readonly string[];
  readonly judgeBody?: (text: string, whole: boolean) => BodyVerdict;
}

/** The result that an answer, or its absence, comes to: 2xx delivered, 408, 425, 429 and 5xx to be tried again, all else for good. */
export function resultOf(answer: HttpAnswer, { now, sent, hidden, judgeBody }: AnswerReading): SendResult {
  const clean = (text: string) => withoutCredentials(shortened(withoutSecrets(text, hidden)));
  const digest = createHash('sha256').update(sent).digest('hex');
  if (answer.is !== 'answered') {
    const outcome = answer.is === 'not-sent' ? 'retry' : 'in-doubt';
    return { outcome, status: null, response: null, error: clean(answer.error), retryAfterMs: null, digest };
  }
  const { status, retryAfter, text } = answer;
  const response = text === '' ? null : clean(text);
  const outcome = judgeStatus(status);
  const verdict = outcome === 'delivered' ? (judgeBody?.(text, answer.whole) ?? null) : null;
  if (verdict !== null) return { ...verdict, status, response, error: verdict.error === null ? null : clean(verdict.error), digest };
  const error = outcome === 'delivered' ? null : `the receiver answered ${status}`;
  const pause = outcome === 'retry' ? retryAfterMs(retryAfter, now) : null;
  return { outcome, status, response, error, retryAfterMs: pause, digest };
}

/** What could not even be tried, because of how the channel or its template is set up: a person may put that right meanwhile. */
export function unusable(error: string): SendResult {
  return { outcome: 'retry', status: null, response: null, error: shortened(error), retryAfterMs: null, digest: null };
}

/** What in a URL could be a key: the values of its query, long parts of its path, a password. */
export function keysOf(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { searchParams, pathname, password } = new URL(url);
  const parts = pathname.split('/').filter((part) => part.length >= 16);
  return [...searchParams.values(), ...parts, password].filter((part) => part.length >= 8);
}

/** Text without the secrets, as they are and as they would stand in a URL. */
function withoutSecrets(text: string, hidden: readonly string[]): string {
  const written = hidden.flatMap((secret) => [secret, encodeURIComponent(secret)]).filter((secret) => secret.length >= 4);
  return written.sort((a, b) => b.length - a.length).reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/**
 * What became of an attempt. `retry`: surely not taken, try again; `rejected`: refused for good; `in-doubt`: it may have been
 * taken. `response` is what the receiver said, shortened; `error` is for people; neither holds a secret.
 */
export interface SendResult {
  readonly outcome: 'delivered' | 'retry' | 'rejected' | 'in-doubt';
  /** HTTP or SMTP code. */
  readonly status: number | null;
  readonly response: string | null;
  readonly error: string | null;
  /** What the receiver asked us to wait, ms. */
  readonly retryAfterMs: number | null;
  /** SHA-256 (hex) of what was sent; null when nothing could be. */
  readonly digest: string | null;
}

/** Shortens and cleans what a receiver said for the record: no control characters, at most 500 characters. */
export function shortened(text: string): string {
  const clean = [...text]
    .map((character) => (character < ' ' || character === '\u007f' ? ' ' : character))
    .join('')
    .trim();
  return clean.length > 500 ? `${clean.slice(0, 500)}…` : clean;
}

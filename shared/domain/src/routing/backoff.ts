const LONGEST_BACKOFF_MS = 300_000;
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Pause before attempt `failed + 1`, ms: full jitter over 1 s · 2^(failed - 1), at most 5 min. `random` in [0, 1). */
export function backoffMs(failed: number, random: number): number {
  const ceiling = Math.min(LONGEST_BACKOFF_MS, 1_000 * 2 ** Math.min(Math.max(failed - 1, 0), 20));
  return Math.round(random * ceiling);
}

/**
 * What a `Retry-After` header asks for, ms from `now` (RFC 9110 §10.2.3: seconds or an HTTP date), at most 1 h; null when
 * there is none or it cannot be read.
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const wanted = /^\d+$/.test(text) ? Number(text) * 1_000 : /^[A-Za-z]{3,9},/.test(text) ? Date.parse(text) - now : Number.NaN;
  if (Number.isNaN(wanted)) return null;
  return Math.min(Math.max(wanted, 0), LONGEST_RETRY_AFTER_MS);
}

/** What an HTTP status means for a delivery: 408, 425, 429 and 5xx are tried again, redirects and other 4xx are not. */
export function judgeStatus(status: number): 'delivered' | 'retry' | 'rejected' {
  if (status >= 200 && status < 300) return 'delivered';
  return status === 408 || status === 425 || status === 429 || status >= 500 ? 'retry' : 'rejected';
}

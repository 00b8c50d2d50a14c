/** What is known of how long a session goes on. Epoch ms. */
export interface SessionSpan {
  /** When the node last heard of a person in this session. */
  readonly heardAt: number;
  /** After so long without one it ends; null: never. */
  readonly idleMs: number | null;
  /** It ends then, whatever one does; null: never. */
  readonly expiresAt: number | null;
}

export type SessionEnd = { readonly kind: 'idle'; readonly at: number } | { readonly kind: 'expires'; readonly at: number } | null;

const IDLE_WARNING_MS = 120_000;
const EXPIRY_WARNING_MS = 600_000;

/** What to warn of: that nobody was seen for long, or that the longest life of a session is nearly over. */
export function sessionEnd({ heardAt, idleMs, expiresAt }: SessionSpan, now: number): SessionEnd {
  const idleAt = idleMs === null ? Number.POSITIVE_INFINITY : heardAt + idleMs;
  const endsAt = expiresAt ?? Number.POSITIVE_INFINITY;
  // A short time is not warned of for its whole length.
  const before = idleMs === null ? 0 : Math.min(IDLE_WARNING_MS, idleMs / 3);
  if (idleAt <= endsAt && idleAt - now <= before) return { kind: 'idle', at: idleAt };
  return endsAt - now <= EXPIRY_WARNING_MS ? { kind: 'expires', at: endsAt } : null;
}

/** Why a message is kept back, as its row says it: `silence <id>`, `maintenance <id>`, `flapping <incident>`, `merged <incident>`, `quiet-hours <until>`. */
import type { Delivery } from '@beacontower/contracts';

export const WITHHELD_REASONS = ['silence', 'maintenance', 'flapping', 'merged', 'quiet-hours'] as const;
export type WithheldReason = (typeof WITHHELD_REASONS)[number];

export interface Withheld {
  readonly reason: WithheldReason;
  /** Of the silence, the planned work or the other incident; null: none is named. */
  readonly id: string | null;
  /** Of quiet hours: when they end, RFC 3339; null: nobody knows. */
  readonly until: string | null;
}

/** What keeps a message back; null when nothing does, or it is said otherwise. */
export function withheldOf({ state, lastError }: Pick<Delivery, 'state' | 'lastError'>): Withheld | null {
  if (state !== 'withheld' || lastError === null) return null;
  const [word, rest = ''] = lastError.split(' ', 2);
  const reason = WITHHELD_REASONS.find((one) => one === word);
  if (reason === undefined) return null;
  const known = rest === '' ? null : rest;
  return reason === 'quiet-hours' ? { reason, id: null, until: known } : { reason, id: known, until: null };
}

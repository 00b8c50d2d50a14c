/** What a tier makes of an incident that another tier tells of (decision 0027). */
import type { Severity } from '../correlation/severity.ts';

type IncidentState = 'open' | 'acknowledged' | 'resolved' | 'closed';

/** An incident of another node as it stands here; null before it is first told of. */
export interface KnownIncident {
  readonly state: IncidentState;
  readonly severity: Severity;
  /** Whether this tier acts on it, or is only told. */
  readonly taken: boolean;
  /** Whether somebody here has answered for it. */
  readonly isAcknowledged: boolean;
  /** Whether this tier was asked before. */
  readonly asked: boolean;
  /** Whether people here were told of it once, though it was sent back: they are told of its end. */
  readonly wasTaken: boolean;
}

/** What is told of it. */
export interface ToldIncident {
  readonly severity: Severity;
  /** How far the work is at the node where it was opened. */
  readonly homeState: IncidentState;
  /** Epoch ms; null: it lasts. */
  readonly resolvedAt: number | null;
  /** Whether the one who tells asks this tier to act. */
  readonly asks: boolean;
}

/** How it stands here afterwards; `tell`: what people here are told at once. */
export interface SettledIncident {
  readonly state: IncidentState;
  readonly taken: boolean;
  /** It is asked for just now. */
  readonly takenNow: boolean;
  readonly tell: 'opened' | 'escalated' | 'resolved' | null;
}

const SEVEREST_FIRST: readonly Severity[] = ['critical', 'major', 'minor', 'warning'];

/**
 * Of what is only told the state is that of its home, and nobody is woken. What this tier was asked for has a state of its own: it ends with the
 * outage, and is closed here by people here. What is over already when it is asked for alarms nobody, however late it comes.
 */
export function settleTold(known: KnownIncident | null, told: ToldIncident): SettledIncident {
  const isOver = told.resolvedAt !== null;
  const takenNow = told.asks && known?.asked !== true;
  // What is closed there, too, is history that another tier was asked for: there is nothing left to do.
  const isDone = isOver && told.homeState === 'closed';
  if (takenNow && known?.taken !== true && !isDone)
    return { state: isOver ? 'resolved' : 'open', taken: true, takenNow, tell: isOver ? null : 'opened' };
  const wasUnderWay = known?.state === 'open' || known?.state === 'acknowledged';
  if (known?.taken !== true) {
    const tell = known?.wasTaken === true && wasUnderWay && isOver ? 'resolved' : null;
    return { state: told.homeState, taken: false, takenNow: false, tell };
  }
  if (isOver) return { state: wasUnderWay ? 'resolved' : known.state, taken: true, takenNow, tell: wasUnderWay ? 'resolved' : null };
  // A back-up was restored at its home, which has yet to see the end again.
  if (!wasUnderWay) return { state: known.isAcknowledged ? 'acknowledged' : 'open', taken: true, takenNow, tell: null };
  const isWorse = SEVEREST_FIRST.indexOf(told.severity) < SEVEREST_FIRST.indexOf(known.severity);
  return { state: known.state, taken: true, takenNow, tell: isWorse ? 'escalated' : null };
}

/** Which of what was withheld may go: what withheld it has ended, and the incident goes on. */
import type { WithheldDelivery, WithheldPlace } from '@beacontower/database';
import { type RoutingMoment, withholdingOf } from '@beacontower/domain';

/** Withheld rows that are looked at in one pass: a later pass goes on where it ended, so that none is passed over. */
export const RELEASE_BATCH = 2_000;

/** Where the pass after one that looked at `rows` goes on. */
export function placeAfter(rows: readonly WithheldDelivery[]): WithheldPlace {
  const last = rows.length === RELEASE_BATCH ? rows.at(-1) : undefined;
  return last ? { createdAt: last.createdAt, id: last.id } : null;
}

/** Those of withheld rows that nothing withholds any more. */
export function freed(rows: readonly WithheldDelivery[], moment: RoutingMoment): string[] {
  return rows.filter((row) => !isWithheld(row, moment)).map(({ id }) => id);
}

function isWithheld(row: WithheldDelivery, moment: RoutingMoment): boolean {
  const contact = moment.rules.contacts.get(row.contact);
  if (contact && moment.quiet(contact, row.severity) !== null) return true;
  // What one person asks of another is told whatever is silenced.
  return row.step !== 'assigned' && withholdingOf(row, moment.rules, moment.at) !== null;
}

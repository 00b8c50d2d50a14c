import { type Account, accountFor } from '../availability.ts';
import type { TimelineInput } from '../timeline.ts';
import type { ChargedOutage } from './charging.ts';

/**
 * The account by the responsible basis: the time of outages charged to another party, their uncertain edges included, is left out
 * of the count as time outside the calendar is: neither up nor down, and not given back by the figure "with maintenance".
 */
export function responsibleAccount(input: TimelineInput, charged: readonly ChargedOutage[], ownParty: string | null): Account {
  const others = charged.filter(({ party }) => party !== ownParty).map(({ earliest, latest }) => ({ from: earliest, to: latest }));
  return accountFor({ ...input, uncounted: [...(input.uncounted ?? []), ...others] });
}

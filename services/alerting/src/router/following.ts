/** What goes to those who were told before: the end of an incident, and that it was merged. */
import type { AlarmRow } from '@beacontower/database';
import { NO_REASON, type RoutingMoment } from '@beacontower/domain';
import type { Addressee } from './compose.ts';

/**
 * Exactly the contacts and targets of the alarms of one incident, whatever routes and rotas say by now; `alarms`: the last of each target.
 * The end of what was withheld is withheld too. A target is told with the group of its last alarm, so that the two go in order.
 */
export function followersOf(alarms: readonly AlarmRow[], { rules }: RoutingMoment): Addressee[] {
  return alarms.map((alarm) => {
    const { contact, channel, address, route, group } = alarm;
    const configured = rules.contacts.get(contact)?.targets.find((one) => one.channel === channel && one.address === address);
    return {
      contact,
      channel,
      address,
      language: alarm.language === 'zh' ? 'zh' : 'en',
      fallbacks: configured?.fallbacks ?? [],
      group,
      because: { ...NO_REASON, route },
      withheld: alarm.state === 'withheld' ? `its alarm was withheld (${alarm.lastError ?? 'no reason kept'})` : null,
      follows: alarm.id,
    };
  });
}

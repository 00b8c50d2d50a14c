import { randomUUID } from 'node:crypto';
import type { ChannelBody, ContactBody, ReportScheduleBody } from '@beacontower/contracts';
import type { NewReportMail } from '@beacontower/database';

/** The mails of a report: one for each e-mail target of the schedule's contacts, the same address by one channel only once. */
export function mailsOf(
  report: string,
  schedule: Pick<ReportScheduleBody, 'contacts' | 'language'>,
  contacts: readonly Pick<ContactBody, 'id' | 'targets'>[],
  channels: readonly Pick<ChannelBody, 'id' | 'kind'>[],
): NewReportMail[] {
  const byMail = new Set(channels.filter(({ kind }) => kind === 'email').map(({ id }) => id));
  const seen = new Set<string>();
  return contacts
    .filter(({ id }) => schedule.contacts.includes(id))
    .flatMap(({ id: contact, targets }) =>
      targets.flatMap(({ channel, address }): NewReportMail[] => {
        const key = `${channel} ${address}`;
        if (address === null || !byMail.has(channel) || seen.has(key)) return [];
        seen.add(key);
        return [{ id: randomUUID(), report, contact, channel, address, language: schedule.language }];
      }),
    );
}

/** Schedules of reports: looked at and normalised. */
import type { ReportScheduleBody } from '../entities.ts';
import { channelKinds } from './channels.ts';
import { whole } from './collect.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import { timeZoneFault } from './time-zone.ts';

/** A day after periods are closed where nothing else is said, so that the report shows closed figures. */
const USUAL_AFTER_MS = 6 * 86_400_000;

export function readReportSchedules(around: Surroundings, node: { timeZone: string; language: 'zh' | 'en' }): ReportScheduleBody[] {
  const kinds = channelKinds(around.collected);
  const contacts = new Map(around.collected.items.contacts.map((contact) => [contact.id, contact.value?.targets]));
  return whole(around.collected.items.reportSchedules).map(({ item, value }) => {
    const zone = timeZoneFault(value.timeZone, item);
    if (zone !== null) around.faults.push(zone);
    const reached = (value.contacts ?? []).flatMap((name, i) => {
      const contact = around.references.resolve('contact', name, item, ['contacts', i]);
      const targets = contact === null ? undefined : contacts.get(contact);
      // A contact or channel with faults of its own is told of there.
      if (targets?.every(({ channel }) => isOtherThanMail(kinds.get(channel))) === true) {
        around.faults.push(item.document.fault([...item.path, 'contacts', i], NO_MAIL));
      }
      return contact ?? [];
    });
    return {
      id: value.id,
      name: value.name,
      kind: value.kind,
      period: value.period,
      division:
        value.division === undefined
          ? around.nodeDivision
          : (around.references.resolve('division', value.division, item, ['division']) ?? ''),
      language: value.language ?? node.language,
      formats: [...new Set(value.formats)],
      timeZone: value.timeZone ?? node.timeZone,
      afterMs: value.after ?? USUAL_AFTER_MS,
      contacts: [...new Set(reached)],
    };
  });
}

const isOtherThanMail = (kind: string | undefined): boolean => kind !== undefined && kind !== 'email';

const NO_MAIL: Complaint = {
  code: 'no-mail-target',
  problem: text('reports are sent by e-mail, and this contact has no e-mail target', '报告以邮件发送，而该联系人没有邮件目标'),
  expected: text('a contact with a target of an e-mail channel', '含有邮件通道目标的联系人'),
};

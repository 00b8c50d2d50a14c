import type { Delivery } from '@beacontower/contracts';
import type { Stand } from '@beacontower/test-lab';
import type { ReceivedMail, ReceivedWebhook } from '@beacontower/testing';
import { z } from 'zod';

/** One thing said about one incident to one receiver. The same entry with the same `message` is the same message come again. */
export interface Entry {
  /** `receiver step cause`, such as `duty opened lab:flat-01`. */
  readonly what: string;
  readonly incident: string;
  /** What makes a message the same however often it comes: the id of the delivery, or the Message-ID. */
  readonly message: string;
}

const Event = z.object({ type: z.string(), incident: z.object({ id: z.string(), cause: z.object({ id: z.string() }) }) });
/** What Alertmanager posts to its webhook receivers, as far as it is looked at. */
const Alerts = z.object({
  alerts: z.array(z.object({ status: z.enum(['firing', 'resolved']), labels: z.object({ incident: z.string(), object: z.string() }) })),
});

function ofWebhook({ path, json, headers }: ReceivedWebhook): Entry[] {
  const to = path.slice(1);
  const message = String(headers['x-beacontower-delivery'] ?? '');
  const alerts = Alerts.safeParse(json).data?.alerts;
  if (alerts) {
    return alerts.map(({ status, labels }) => ({ what: `${to} ${status} ${labels.object}`, incident: labels.incident, message }));
  }
  const { type, incident } = Event.parse(json);
  return [{ what: `${to} ${type.replace(/^incident\./, '')} ${incident.cause.id}`, incident: incident.id, message }];
}

// A mail carries the id of its event, which is the same for every receiver: what it was is known from the webhook.
function ofMail(received: ReceivedMail, stand: Stand): Entry {
  const { mail } = received;
  const id = headerOf(received, 'x-beacontower-event');
  const twin = stand.hook.received.find(({ json }) => z.object({ id: z.literal(id) }).safeParse(json).success);
  const [entry] = twin ? ofWebhook(twin) : [];
  return {
    what: `mail ${entry?.what.split(' ').slice(1).join(' ') ?? `unknown ${mail.subject}`}`,
    incident: entry?.incident ?? 'unknown',
    message: mail.messageId ?? '',
  };
}

/** Who gets several incidents in one mail. */
export const BOARD = 'board@example.org';

const headerOf = ({ mail }: ReceivedMail, name: string) => mail.headers.find(({ key }) => key === name)?.value ?? '';
const isForBoard = ({ to }: ReceivedMail) => to.includes(BOARD);

/** Everything that anybody but the board was told so far, in the order of arrival at each receiver. */
export function entriesOf(stand: Stand): Entry[] {
  const mails = stand.mail.received.filter((mail) => !isForBoard(mail));
  return [...stand.hook.received.flatMap(ofWebhook), ...mails.map((mail) => ofMail(mail, stand))];
}

/** What the mails to the board told of: which they were is seen at the mail server, what is in them by the record of deliveries. */
export function boardEntries(stand: Stand, deliveries: readonly Delivery[], causes: ReadonlyMap<string, string>): Entry[] {
  return stand.mail.received.filter(isForBoard).flatMap((mail) => {
    const id = headerOf(mail, 'x-beacontower-delivery');
    const rows = deliveries.filter((row) => row.carrier === id || (row.id === id && row.incident !== null));
    return rows.map(({ step, incident }) => ({
      what: `board ${step} ${causes.get(incident ?? '') ?? 'unknown'}`,
      incident: incident ?? '',
      message: mail.mail.messageId ?? '',
    }));
  });
}

/** What came, each message once, sorted; and how many came again with the same id. */
export function withoutRepeats(entries: readonly Entry[]): { readonly once: string[]; readonly repeats: number } {
  const seen = new Map(entries.map((entry) => [`${entry.message} ${entry.incident} ${entry.what}`, entry]));
  return { once: [...seen.values()].map(({ what }) => what).sort(), repeats: entries.length - seen.size };
}

import { NODE, type Stand } from '@beacontower/test-lab';
import type { ReceivedMail, ReceivedWebhook } from '@beacontower/testing';
import { z } from 'zod';

/** What a webhook tells, as far as the tests look at it. */
const Event = z.object({
  id: z.string(),
  type: z.string(),
  incident: z.object({ id: z.string(), cause: z.object({ id: z.string() }) }),
});

/** One message as it came; the same message sent twice is there twice. */
export interface Told {
  readonly at: number;
  /** `duty`, `backbone` (webhooks) or `mail`. */
  readonly to: string;
  /** Stable id of the event or message. */
  readonly id: string;
  /** `opened`, `escalated` or `resolved`. */
  readonly step: string;
  /** Local id of the object whose outage it is. */
  readonly cause: string;
}

function local(id: string): string {
  return id.replace(new RegExp(`^${NODE}:`), '');
}

function ofWebhook({ at, path, json }: ReceivedWebhook): Told {
  const event = Event.parse(json);
  return { at, to: path.slice(1), id: event.id, step: event.type.replace(/^incident\./, ''), cause: local(event.incident.cause.id) };
}

function header({ mail }: ReceivedMail, name: string): string {
  return mail.headers.find(({ key }) => key === name)?.value ?? '';
}

function ofMail(mail: ReceivedMail): Told {
  return {
    at: mail.at,
    to: 'mail',
    id: mail.mail.messageId ?? '',
    step: header(mail, 'x-beacontower-event').replace(/^incident\./, ''),
    cause: local(header(mail, 'x-beacontower-object')),
  };
}

/** Everything that anybody was told so far. */
export function told(stand: Stand): Told[] {
  return [...stand.hook.received.map(ofWebhook), ...stand.mail.received.map(ofMail)];
}

/** `to step cause` of every message, sorted: what is expected is written the same way. */
export function summary(messages: readonly Told[]): string[] {
  return messages.map(({ to, step, cause }) => `${to} ${step} ${cause}`).sort();
}

/** Alarm and recovery, each once to each who is to be told: the duty by webhook and mail, the backbone's contact of circuits. */
export function expectedOf(causes: readonly string[], steps: readonly string[] = ['opened', 'resolved']): string[] {
  return causes
    .flatMap((cause) => {
      const receivers = cause.includes('uplink') ? ['duty', 'mail', 'backbone'] : ['duty', 'mail'];
      return receivers.flatMap((to) => steps.map((step) => `${to} ${step} ${cause}`));
    })
    .sort();
}

import { NODE, type Stand } from '@beacontower/test-lab';
import { type ReceivedMail, type ReceivedWebhook, waitFor } from '@beacontower/testing';
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
  /** Id of the event, the same for every receiver and attempt. */
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

/** A mail carries the id of its event, which is the same for every receiver: what it was is known from the webhook. */
function ofMail({ at, mail }: ReceivedMail, events: readonly Told[]): Told {
  const id = mail.headers.find(({ key }) => key === 'x-beacontower-event')?.value ?? '';
  const event = events.find((each) => each.id === id);
  return { at, to: 'mail', id, step: event?.step ?? 'unknown', cause: event?.cause ?? 'unknown' };
}

/** Everything that anybody was told so far. */
export function told(stand: Stand): Told[] {
  const events = stand.hook.received.map(ofWebhook);
  return [...events, ...stand.mail.received.map((mail) => ofMail(mail, events))];
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

/** Waits until an outage was told, at this step, to everybody who is to be told. */
export async function untilTold(stand: Stand, step: 'opened' | 'resolved', cause: string, timeoutMs = 60_000): Promise<void> {
  const wanted = expectedOf([cause], [step]);
  const all = () => {
    const messages = summary(told(stand));
    return wanted.every((line) => messages.includes(line));
  };
  await waitFor(all, { timeoutMs, what: `everybody told: ${wanted.join(', ')}` }).catch((error: Error) => {
    const messages = summary(told(stand)).join('\n  ');
    throw new Error(`${error.message}\ntold so far:\n  ${messages}\nthe product wrote:\n${stand.product.log()}`);
  });
}

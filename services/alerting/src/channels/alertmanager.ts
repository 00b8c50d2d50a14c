import { createHash } from 'node:crypto';
import type { ChannelBody } from '@beacontower/contracts';
import type { IncidentMessage } from '@beacontower/messages';
import { composeShort } from '@beacontower/messages';
import { keysOf, resultOf } from './answer.ts';
import { type ChannelDependencies, type ChannelSender, type Outgoing, wordingOf } from './channel.ts';
import { exchange } from './http.ts';

type AlertmanagerChannel = Extract<ChannelBody, { kind: 'alertmanager' }>;

/** What stands for "it has not ended" in the time of its end. */
const NOT_ENDED = '0001-01-01T00:00:00Z';
const MOST_TEXT = 4_000;

/** POSTs what Prometheus Alertmanager posts to its webhook receivers, version 4: one group of alerts for each incident. */
export function createAlertmanagerSender({ secrets }: ChannelDependencies): ChannelSender<AlertmanagerChannel> {
  return {
    inDoubt: () => 'resend',
    close: () => undefined,
    async send(outgoing) {
      const { channel, delivery, attempt, now } = outgoing;
      const token = channel.token === null ? null : await secrets(channel.token);
      const body = JSON.stringify(payloadOf(outgoing));
      const answer = await exchange({
        url: new URL(channel.url),
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'Beacontower/1',
          'X-Beacontower-Delivery': delivery,
          'X-Beacontower-Attempt': String(attempt),
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        },
        body,
        timeoutMs: channel.timeoutMs,
        allowLocal: channel.allowLocal,
        ca: channel.ca === null ? null : await secrets(channel.ca),
      });
      return resultOf(answer, { now, sent: body, hidden: [...(token === null ? [] : [token]), ...keysOf(channel.url)] });
    },
  };
}

/** The body; what all alerts have in common is told apart as Alertmanager does it. */
export function payloadOf(outgoing: Outgoing<AlertmanagerChannel>): Record<string, unknown> {
  const { messages, total, channel } = outgoing;
  const alerts = messages.map((message) => alertOf(message, outgoing));
  const [first] = messages;
  const groupLabels = { incident: first.incident.id };
  return {
    version: '4',
    groupKey: `{}:{incident="${first.incident.id}"}`,
    truncatedAlerts: Math.max(0, total - messages.length),
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: channel.id,
    groupLabels,
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: '',
    alerts,
  };
}

function alertOf(message: IncidentMessage, outgoing: Outgoing<AlertmanagerChannel>) {
  const { incident } = message;
  const resolved = message.type === 'incident.resolved';
  const { title, text } = composeShort({ ...wordingOf(outgoing), messages: [message], total: 1 }, MOST_TEXT);
  return {
    status: resolved ? 'resolved' : 'firing',
    labels: labelsOf(message),
    annotations: {
      summary: title,
      description: text,
      ...(incident.runbook === null ? {} : { runbook_url: incident.runbook }),
      ...Object.fromEntries(Object.entries(incident.attributes).map(([key, value]) => [labelName(key), value])),
    },
    startsAt: incident.startedAt,
    endsAt: incident.resolvedAt ?? NOT_ENDED,
    generatorURL: '',
    // Of the incident alone: an alert that gets worse is the same alert.
    fingerprint: createHash('sha256').update(incident.id).digest('hex').slice(0, 16),
  };
}

function labelsOf({ incident, node }: IncidentMessage): Record<string, string> {
  return {
    alertname: incident.condition?.condition ?? incident.kind ?? 'outage',
    kind: incident.kind ?? 'outage',
    severity: incident.severity,
    incident: incident.id,
    number: String(incident.number),
    object: incident.cause.id,
    instance: incident.cause.addresses?.[0] ?? incident.cause.id,
    object_kind: incident.cause.kind,
    class: incident.cause.class,
    division: incident.division,
    ...(incident.party === null ? {} : { party: incident.party }),
    node,
  };
}

/** What Prometheus takes for a name of a label. */
function labelName(key: string): string {
  const name = key.replace(/[^A-Za-z0-9_]/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}

function common(all: readonly Record<string, string>[]): Record<string, string> {
  const [first = {}, ...others] = all;
  return Object.fromEntries(Object.entries(first).filter(([key, value]) => others.every((one) => one[key] === value)));
}

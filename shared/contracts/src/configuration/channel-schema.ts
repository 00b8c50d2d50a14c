/** The YAML of channels: one schema for each kind, told apart by `kind`. */
import { z } from 'zod';
import { text } from './fault.ts';
import { Duration, Id, Reference, refuse, Secret, WebLink, Words } from './values.ts';

const count = (least: number, most: number) => z.number().int().min(least).max(most);

const LONGEST_TIMEOUT_MS = 300_000;
const LONGEST_LIMIT_MS = 86_400_000;

/** A receiver that hangs holds one of its channel's places for so long. */
const Timeout = Duration.transform((ms, ctx) =>
  ms >= 100 && ms <= LONGEST_TIMEOUT_MS
    ? ms
    : refuse(
        ctx,
        'bad-duration',
        text('nobody can wait so long, or so short, for an answer', '等待应答的时间过长或过短'),
        text('from "100ms" to "5m", such as "10s"', '"100ms" 至 "5m"，如 "10s"'),
      ),
);
/** When each message of the span went is kept. */
const LimitSpan = Duration.transform((ms, ctx) =>
  ms <= LONGEST_LIMIT_MS
    ? ms
    : refuse(
        ctx,
        'bad-duration',
        text('this is a very long time', '时长过长'),
        text('at most "24h", such as "1m"', '不超过 "24h"，如 "1m"'),
      ),
);

const outgoing = {
  id: Id,
  timeout: Timeout.optional(),
  /** With pauses of up to 5 min (half of that on average) 150 attempts take about six hours: a relay may be away for a shift. */
  maxAttempts: count(1, 1000).default(150),
  limit: z.union([z.literal('none'), z.strictObject({ messages: count(1, 10_000), per: LimitSpan })]).optional(),
  template: Reference.optional(),
};
const http = { ...outgoing, allowLocal: z.boolean().default(false), ca: Secret.optional() };
/** The key of a robot is in its URL, so that the URL is where a secret is found. */
const robot = { ...http, url: Secret, mention: z.array(Words).optional() };

const WebhookYaml = z.strictObject({ ...http, kind: z.literal('webhook'), url: WebLink, secret: Secret });
const EmailYaml = z.strictObject({
  ...outgoing,
  kind: z.literal('email'),
  host: Words,
  port: count(1, 65535).optional(),
  tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
  ca: Secret.optional(),
  user: Words.optional(),
  password: Secret.optional(),
  from: Words,
  inDoubt: z.enum(['resend', 'leave']).default('resend'),
});
const WecomYaml = z.strictObject({ ...robot, kind: z.literal('wecom') });
const DingtalkYaml = z.strictObject({ ...robot, kind: z.literal('dingtalk'), secret: Secret.optional() });
const FeishuYaml = z.strictObject({ ...robot, kind: z.literal('feishu'), secret: Secret.optional() });
const GatewayYaml = z.strictObject({
  ...http,
  kind: z.literal('gateway'),
  url: WebLink,
  method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
  query: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  contentType: Words.optional(),
  secrets: z.record(z.string(), Secret).optional(),
  accepted: Words.optional(),
  longest: count(20, 100_000).optional(),
});
const AlertmanagerYaml = z.strictObject({ ...http, kind: z.literal('alertmanager'), url: WebLink, token: Secret.optional() });

export const ChannelYaml = z.discriminatedUnion('kind', [
  WebhookYaml,
  EmailYaml,
  WecomYaml,
  DingtalkYaml,
  FeishuYaml,
  GatewayYaml,
  AlertmanagerYaml,
]);
export type ChannelYaml = z.infer<typeof ChannelYaml>;
export const CHANNEL_KINDS: readonly string[] = ChannelYaml.options.map((option) => option.shape.kind.value);

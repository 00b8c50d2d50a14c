/** The YAML of channels: one schema for each kind, told apart by `kind`. */
import { z } from 'zod';
import { Duration, Id, Reference, Secret, WebLink, Words } from './values.ts';

const count = (least: number, most: number) => z.number().int().min(least).max(most);

const outgoing = {
  id: Id,
  timeout: Duration.optional(),
  /** With pauses of up to 5 min (half of that on average) 150 attempts take about six hours: a relay may be away for a shift. */
  maxAttempts: count(1, 1000).default(150),
  limit: z.union([z.literal('none'), z.strictObject({ messages: count(1, 100_000), per: Duration })]).optional(),
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

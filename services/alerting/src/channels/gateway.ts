import type { ChannelBody } from '@beacontower/contracts';
import { composeGateway, type GatewayRequest, TemplateFault } from '@beacontower/messages';
import { judgeAccepted } from './accepted.ts';
import { keysOf, resultOf, unusable } from './answer.ts';
import { type ChannelDependencies, type ChannelSender, wordingOf } from './channel.ts';
import { exchange } from './http.ts';

type GatewayChannel = Extract<ChannelBody, { kind: 'gateway' }>;

/** An SMS or voice gateway, or whatever else speaks HTTP: the channel's templates make the request (docs/templates.md). */
export function createGatewaySender({ secrets }: ChannelDependencies): ChannelSender<GatewayChannel> {
  return {
    inDoubt: () => 'resend',
    close: () => undefined,
    async send(outgoing) {
      const { channel, address, delivery, attempt, now } = outgoing;
      const known: Record<string, string> = {};
      for (const [name, reference] of Object.entries(channel.secrets)) known[name] = await secrets(reference);
      const ca = channel.ca === null ? null : await secrets(channel.ca);
      const request = composed(() => composeGateway(channel, wordingOf(outgoing), { address, delivery, attempt, now, secrets: known }));
      if (typeof request === 'string') return unusable(request);
      const fault = faultOf(channel, request);
      if (fault !== null) return unusable(fault);
      const answer = await exchange({
        url: withQuery(channel.url, request.query),
        method: channel.method,
        headers: headersOf(channel, request),
        body: request.body,
        timeoutMs: channel.timeoutMs,
        allowLocal: channel.allowLocal,
        ca,
      });
      const judgeBody = (text: string, whole: boolean) => judgeAccepted(channel.accepted, text, whole);
      return resultOf(answer, {
        now,
        sent: `${request.query}\n${request.body}`,
        hidden: [...Object.values(known), ...keysOf(channel.url)],
        judgeBody,
      });
    },
  };
}

/** The request, or why its templates make none. */
function composed(compose: () => GatewayRequest): GatewayRequest | string {
  try {
    return compose();
  } catch (error) {
    if (error instanceof TemplateFault) return `a template of the channel, line ${error.line}, column ${error.column}: ${error.message}`;
    throw error;
  }
}

function faultOf({ contentType }: GatewayChannel, { body }: GatewayRequest): string | null {
  if (!/json/i.test(contentType) || body === '') return null;
  try {
    JSON.parse(body);
    return null;
  } catch {
    return "what the channel's template makes of this message is no valid JSON";
  }
}

function withQuery(address: string, query: string): URL {
  const url = new URL(address);
  const more = query.trim().replace(/^[?&]/, '');
  if (more !== '') url.search = url.search === '' ? more : `${url.search.slice(1)}&${more}`;
  return url;
}

function headersOf({ contentType, method }: GatewayChannel, { headers }: GatewayRequest): Record<string, string> {
  return { 'User-Agent': 'Beacontower/1', ...(method === 'GET' ? {} : { 'Content-Type': contentType }), ...headers };
}

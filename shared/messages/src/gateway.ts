import type { ChannelBody } from '@beacontower/contracts';
import { composeShort, type Wording } from './compose.ts';
import { oneLine, urlEncoded } from './escape.ts';
import { type Escape, renderTemplate } from './template.ts';
import { templateContext } from './template-context.ts';

export type GatewayChannel = Extract<ChannelBody, { kind: 'gateway' }>;

/** What a gateway's templates see beside the words: where it goes, which delivery it is, and the channel's secrets. */
export interface GatewayFacts {
  readonly address: string | null;
  readonly delivery: string;
  readonly attempt: number;
  /** Epoch ms. */
  readonly now: number;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface GatewayRequest {
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Templates = Pick<GatewayChannel, 'query' | 'headers' | 'body' | 'contentType' | 'longest'>;

/** Makes the request of a gateway from its templates. Throws TemplateFault, whose message holds no secret. */
export function composeGateway(templates: Templates, wording: Wording, facts: GatewayFacts): GatewayRequest {
  const context = { ...templateContext(wording), ...gatewayContext(composeShort(wording, templates.longest), facts) };
  const headers = Object.entries(templates.headers).map(([name, value]) => [name, inHeader(renderTemplate(value, context, asItIs))]);
  return {
    query: renderTemplate(templates.query, context, inUrl),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: renderTemplate(templates.body, context, escapeOf(templates.contentType)),
  };
}

/** The short words take the place of the long ones: a gateway sends what one reads on a telephone, or hears. */
export function gatewayContext(short: { readonly title: string; readonly text: string }, facts: GatewayFacts) {
  const { address, delivery, attempt, now, secrets } = facts;
  return { ...short, address, delivery, attempt, timestamp: now, secrets };
}

const inUrl: Escape = urlEncoded;
const inJson: Escape = (text) => JSON.stringify(text).slice(1, -1);
const inXml: Escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
/** One line, and its UTF-8 one byte a character: that is what HTTP clients put on the wire, and gateways read. */
const inHeader = (text: string) => Buffer.from(oneLine(text), 'utf8').toString('latin1');
const asItIs: Escape = (text) => text;

/** By what the body is: values are escaped for it unless the template says `| raw`. */
function escapeOf(contentType: string): Escape {
  if (/json/i.test(contentType)) return inJson;
  if (/x-www-form-urlencoded/i.test(contentType)) return inUrl;
  return /xml/i.test(contentType) ? inXml : asItIs;
}

import type { ChannelBody, IncidentKind, NoticeStep, TemplateBody } from '@beacontower/contracts';
import { composeMail, composeMarkdown, composeShort, type Wording } from './compose.ts';
import { composeGateway, type GatewayRequest } from './gateway.ts';
import type { RenderedMail } from './mail.ts';
import { DIALECTS, type Dialect } from './markdown.ts';
import type { IncidentMessage } from './message.ts';
import { sampleMessage } from './samples.ts';
import type { Language } from './wording.ts';

export interface PreviewRequest {
  readonly language: Language;
  readonly timeZone: string;
  /** Of the made-up message. */
  readonly kind: IncidentKind;
  readonly step: NoticeStep;
  /** How many incidents it tells of; 1: one, in full. */
  readonly incidents: number;
  readonly template: TemplateBody | null;
  readonly gateway: Pick<Extract<ChannelBody, { kind: 'gateway' }>, 'query' | 'headers' | 'body' | 'contentType' | 'longest'> | null;
}

/** A message as each kind of channel would send it. */
export interface MessagePreview {
  readonly mail: RenderedMail;
  readonly robots: Readonly<Record<Dialect, { readonly title: string; readonly markdown: string }>>;
  readonly short: { readonly title: string; readonly text: string };
  readonly gateway: GatewayRequest | null;
}

const MOST_MARKDOWN = { wecom: 3_800, dingtalk: 15_000, feishu: 12_000 } as const;
const LONGEST = 500;
/** Incidents that a message names at most; it counts the others. */
const NAMED = 50;

/** Words a made-up message. Throws TemplateFault when the gateway's templates fail; message templates fall back and say so. */
export function previewMessage(request: PreviewRequest): MessagePreview {
  const { language, timeZone, template, incidents, gateway } = request;
  const wording: Wording = {
    messages: samplesOf(request),
    total: incidents,
    language,
    timeZone,
    diverted: null,
    channel: 'preview',
    template,
  };
  const robots = DIALECTS.map((dialect) => {
    const { title, markdown } = composeMarkdown(wording, dialect, MOST_MARKDOWN[dialect]);
    return [dialect, { title, markdown }] as const;
  });
  const facts = { address: '13800000000', delivery: '11111111-1111-8111-8111-111111111111', attempt: 1, now: 0, secrets: NO_SECRETS };
  return {
    mail: composeMail(wording),
    robots: Object.fromEntries(robots) as MessagePreview['robots'],
    short: composeShort(wording, gateway?.longest ?? LONGEST),
    gateway: gateway === null ? null : composeGateway(gateway, wording, facts),
  };
}

/** A preview knows no secrets: each is shown as a mark. */
const NO_SECRETS = new Proxy<Record<string, string>>(
  {},
  { get: () => '***', has: () => true, getOwnPropertyDescriptor: () => ({ value: '***', configurable: true, enumerable: true }) },
);

function samplesOf({ kind, step, language, incidents }: PreviewRequest): readonly [IncidentMessage, ...IncidentMessage[]] {
  const numbered = (index: number): IncidentMessage => {
    const message = sampleMessage(kind, step, language);
    if (index === 0) return message;
    return {
      ...message,
      id: `${message.id}-${index}`,
      incident: { ...message.incident, id: `${message.incident.id}-${index}`, number: 42 + index },
    };
  };
  const others = Array.from({ length: Math.min(incidents, NAMED) - 1 }, (_, index) => numbered(index + 1));
  return [numbered(0), ...others];
}

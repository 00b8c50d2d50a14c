/** `beacontower alert preview`: a made-up message as a channel would send it. */
import { type ChannelBody, INCIDENT_KINDS, type Language, NOTICE_STEPS, type TemplateBody } from '@beacontower/contracts';
import { type MessagePreview, previewMessage, TemplateFault } from '@beacontower/messages';
import { UserError } from '@beacontower/runtime';
import type { AlertSource } from './alert-source.ts';

/** What is asked for; what is left out is the built-in words of an outage that begins, on every kind of channel. */
export interface PreviewQuestion {
  readonly channel: string | undefined;
  readonly template: string | undefined;
  readonly step: string | undefined;
  readonly kind: string | undefined;
  readonly incidents: number;
  readonly language: Language;
}

/** The message, and the channel it is for; null: for none in particular. */
export interface Preview {
  readonly channel: ChannelBody | null;
  readonly message: MessagePreview;
}

/** Words a message. Throws a `UserError` on an unknown channel, template, step or kind, and on a gateway's template that fails. */
export function previewOf(source: Pick<AlertSource, 'channels' | 'templates' | 'timeZone'>, question: PreviewQuestion): Preview {
  const channel = question.channel === undefined ? null : byId('channel', source.channels, question.channel);
  const named = question.template ?? channel?.template ?? undefined;
  const template: TemplateBody | null = named === undefined ? null : byId('template', source.templates, named);
  if (question.template !== undefined && template?.[question.language] === null)
    throw new UserError(
      `template ${question.template} has no words in this language: ask with --language ${question.language === 'en' ? 'zh' : 'en'}`,
    );
  if (question.incidents < 1 || question.incidents > 1_000) throw new UserError(`--incidents "${question.incidents}": expected 1 to 1000`);
  try {
    const message = previewMessage({
      language: question.language,
      timeZone: source.timeZone,
      kind: oneOf('kind', INCIDENT_KINDS, question.kind ?? 'outage'),
      step: oneOf('step', NOTICE_STEPS, question.step ?? 'opened'),
      incidents: question.incidents,
      template,
      gateway: channel?.kind === 'gateway' ? channel : null,
    });
    return { channel, message };
  } catch (error) {
    if (error instanceof TemplateFault) throw new UserError(`line ${error.line}, column ${error.column} of the template: ${error.message}`);
    throw error;
  }
}

/** The same as a person reads it: what the channel sends, or, without one, each way a message is worded. */
export function previewText({ channel, message }: Preview): string {
  const { mail, robots, short, gateway } = message;
  const asMail = `${mail.subject}\n\n${mail.text}`;
  const asRobot = (dialect: keyof MessagePreview['robots']) => `${robots[dialect].title}\n\n${robots[dialect].markdown}`;
  const asShort = `${short.title}\n${short.text}`;
  switch (channel?.kind) {
    case 'email':
      return asMail;
    case 'wecom':
    case 'dingtalk':
    case 'feishu':
      return asRobot(channel.kind);
    case 'gateway':
      return gateway === null ? asShort : gatewayText(channel.method, gateway);
    case 'webhook':
    case 'alertmanager':
      throw new UserError(`channel ${channel.id} is read by a machine: it has no words (docs/webhooks.md)`);
    case undefined:
      return [`# email\n${asMail}`, `# robot\n${asRobot('wecom')}`, `# gateway\n${asShort}`].join('\n\n');
  }
}

function gatewayText(method: string, { query, headers, body }: NonNullable<MessagePreview['gateway']>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method}${query === '' ? '' : ` ${query}`}`, ...lines, '', body].join('\n').trimEnd();
}

function byId<T extends { readonly id: string }>(what: string, list: readonly T[], id: string): T {
  const found = list.find((one) => one.id === id);
  if (!found)
    throw new UserError(`there is no ${what} ${id}${list.length === 0 ? '' : `; there are: ${list.map((one) => one.id).join(', ')}`}`);
  return found;
}

function oneOf<T extends string>(option: string, known: readonly T[], given: string): T {
  const found = known.find((word) => word === given);
  if (found === undefined) throw new UserError(`--${option} "${given}": expected ${known.join(', ')}`);
  return found;
}

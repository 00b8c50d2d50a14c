/** What can be wrong with a channel: where it sends, whether a mail would be read on the way, what a gateway is sent. */
import type { ChannelYaml } from './channel-schema.ts';
import type { Item } from './collect.ts';
import { type Complaint, text } from './fault.ts';
import { localTarget } from './local-target.ts';
import type { Surroundings } from './objects.ts';
import { isPattern, repeatsRepetition } from './pattern.ts';
import { type TemplateUse, templateFault } from './templates.ts';

export const MAIL_ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+$/;
const SAME_MACHINE = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

type ChannelItem = Item<ChannelYaml>;

/** Adds every fault of a channel. */
export function checkChannel(around: Surroundings, item: ChannelItem, value: ChannelYaml): void {
  if (value.kind === 'webhook' && value.template !== undefined) complain(around, item, ['template'], TEMPLATE_UNUSED);
  if (value.kind === 'email') checkMail(around, item, value);
  else if (value.kind === 'webhook' || value.kind === 'gateway' || value.kind === 'alertmanager') checkTarget(around, item, value);
  if (value.kind === 'gateway') checkGateway(around, item, value);
}

function complain(around: Surroundings, item: ChannelItem, path: readonly (string | number)[], complaint: Complaint): void {
  around.faults.push(item.document.fault([...item.path, ...path], complaint));
}

function checkMail(around: Surroundings, item: ChannelItem, value: Extract<ChannelYaml, { kind: 'email' }>): void {
  // What is at fault was taken out of an item that is not whole.
  const { host, from }: Partial<typeof value> = value;
  if (value.tls === 'none' && host !== undefined && !SAME_MACHINE.test(host)) complain(around, item, ['tls'], CLEAR_TEXT);
  if (item.whole && (value.user === undefined) !== (value.password === undefined)) {
    complain(around, item, [value.user === undefined ? 'password' : 'user'], USER_AND_PASSWORD);
  }
  const bare = /<([^<>]*)>\s*$/.exec(from ?? '')?.[1] ?? from;
  if (bare !== undefined && !MAIL_ADDRESS.test(bare)) complain(around, item, ['from'], { ...BAD_MAIL_ADDRESS, found: null });
}

/** A literal address of this machine, its link or a cloud's metadata; what a name points to is seen when a message is sent. */
function checkTarget(
  around: Surroundings,
  item: ChannelItem,
  { kind, url, allowLocal }: { kind: string; url?: string; allowLocal: boolean },
): void {
  const parsed = url !== undefined && URL.canParse(url) ? new URL(url) : null;
  const host = parsed?.hostname ?? '';
  if (!allowLocal && localTarget(host) !== null) complain(around, item, ['url'], localTargetComplaint(host));
  const names = [...(parsed?.searchParams.keys() ?? [])];
  if (names.some((name) => SECRET_NAME.test(name))) complain(around, item, ['url'], kind === 'gateway' ? WRITTEN_OUT : KEY_IN_ADDRESS);
}

function checkGateway(around: Surroundings, item: ChannelItem, value: Extract<ChannelYaml, { kind: 'gateway' }>): void {
  const { query, body, headers, accepted, method, contentType } = value;
  const isJson = /json/i.test(value.contentType ?? 'json');
  const texts: (readonly [readonly string[], string | undefined, TemplateUse])[] = [
    [['query'], query, 'gateway'],
    [['body'], body, isJson ? 'gateway-json' : 'gateway'],
    ...Object.entries(headers ?? {}).map(([name, words]) => [['headers', name], words, 'gateway'] as const),
  ];
  for (const [path, words, use] of texts) {
    templateFault(around, item, path, words, use);
    for (const name of secretsNamed(words)) if (!Object.hasOwn(value.secrets ?? {}, name)) complain(around, item, path, noSecret(name));
  }
  for (const [name, words] of Object.entries(headers ?? {})) {
    if (!HEADER.test(name)) complain(around, item, ['headers', name], BAD_HEADER);
    else if (OF_THE_CONNECTION.test(name)) complain(around, item, ['headers', name], HEADER_OF_THE_CONNECTION);
    else if (SECRET_NAME.test(name) && !words.includes('{{')) complain(around, item, ['headers', name], WRITTEN_OUT);
  }
  for (const name of Object.keys(value.secrets ?? {})) if (!NAME.test(name)) complain(around, item, ['secrets', name], BAD_NAME);
  if (accepted !== undefined && !isPattern(accepted)) complain(around, item, ['accepted'], BAD_PATTERN);
  else if (accepted !== undefined && repeatsRepetition(accepted)) complain(around, item, ['accepted'], SLOW_PATTERN);
  if (contentType !== undefined && !MEDIA_TYPE.test(contentType)) complain(around, item, ['contentType'], BAD_MEDIA_TYPE);
  if (method === 'GET' && body !== undefined && body !== '') complain(around, item, ['body'], BODY_OF_GET);
  if (item.whole && (query ?? '') === '' && (body ?? '') === '') complain(around, item, [], SAYS_NOTHING);
}

/** The secrets that a template names, each once. */
function secretsNamed(words = ''): Set<string> {
  return new Set(
    [...words.matchAll(/\bsecrets(?:\.([\w-]+)|\[\s*["']([^"']*)["']\s*\])/g)].map(([, dotted, quoted]) => dotted ?? quoted ?? ''),
  );
}

/** Names of what is meant to be known by few. */
const SECRET_NAME = /authorization|token|secret|passw|pwd|credential|api-?_?key|access-?_?key|^key$|^sign(ature)?$/i;
/** RFC 9110, 5.6.2: a token. */
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What says where a request ends and what becomes of its connection is for who sends it. */
const OF_THE_CONNECTION = /^(connection|content-length|content-type|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;
/** RFC 9110, 8.3.1: a type and its parameters, on one line. */
const MEDIA_TYPE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+( *;[\x20-\x7e]*)?$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const localTargetComplaint = (host: string): Complaint => ({
  code: 'local-target',
  problem: text(
    `messages would go to this machine, its link or a cloud's metadata service (${host})`,
    `消息将发往本机、本链路或云平台元数据服务（${host}）`,
  ),
  expected: text('a host of the network, or "allowLocal: true" where this is meant', '网络中的主机；确有此意时写 "allowLocal: true"'),
  found: null,
});
const CLEAR_TEXT: Complaint = {
  code: 'clear-text-mail',
  problem: text('mail would leave this machine in clear text', '邮件将以明文离开本机'),
  expected: text('tls: starttls or implicit; none only for a relay on this machine', 'tls: starttls 或 implicit；none 仅限本机中继'),
};
const USER_AND_PASSWORD: Complaint = {
  code: 'user-and-password',
  problem: text('one of "user" and "password" is missing', '"user" 与 "password" 缺少其一'),
  expected: text('both or neither', '二者同时给出或都不给出'),
  found: null,
};
export const BAD_MAIL_ADDRESS: Complaint = {
  code: 'bad-mail-address',
  problem: text('this is not an e-mail address', '不是电子邮件地址'),
  expected: text('an address such as noc@example.cn', '形如 noc@example.cn 的地址'),
};
const TEMPLATE_UNUSED: Complaint = {
  severity: 'warning',
  code: 'template-unused',
  problem: text('a webhook sends data and no words, so it uses no template', 'webhook 发送的是数据而非文字，不使用模板'),
  expected: text('no "template" here', '此处不写 "template"'),
};
const BAD_HEADER: Complaint = {
  code: 'bad-header',
  problem: text('this cannot be the name of an HTTP header', '不能作为 HTTP 头的名称'),
  expected: text('letters, digits and "-", such as X-Api-Key', '字母、数字与“-”，如 X-Api-Key'),
  found: null,
};
const HEADER_OF_THE_CONNECTION: Complaint = {
  code: 'bad-header',
  problem: text('this header is written by who sends the request', '此 HTTP 头由发送方自行生成'),
  expected: text('other headers; "contentType" for the type of the body', '其他 HTTP 头；正文类型写在 "contentType"'),
  found: null,
};
const BAD_MEDIA_TYPE: Complaint = {
  code: 'bad-media-type',
  problem: text('this is not a media type', '不是媒体类型'),
  expected: text('such as application/json or text/xml; charset=utf-8', '如 application/json、text/xml; charset=utf-8'),
  found: null,
};
const KEY_IN_ADDRESS: Complaint = {
  severity: 'warning',
  code: 'literal-secret',
  problem: text('a secret seems to be written out in the configuration (not repeated here)', '配置中似乎直接写入了密钥（此处不重复显示）'),
  expected: text(
    'an address without a key, or a channel of kind gateway, whose "query" can use {{ secrets.name }}',
    '不含密钥的地址；或改用 gateway 通道，在其 "query" 中以 {{ secrets.name }} 引用',
  ),
  found: null,
};
const SLOW_PATTERN: Complaint = {
  severity: 'warning',
  code: 'slow-pattern',
  problem: text('it repeats what is itself repeated, and may take too long to judge an answer', '重复之中又有重复，判断应答时可能耗时过长'),
  expected: text(
    'a plain pattern, such as "code":\\s*0; one that takes over 100 ms counts as a failure',
    '简单的模式，如 "code":\\s*0；超过 100 毫秒即视为失败',
  ),
  found: null,
};
const noSecret = (name: string): Complaint => ({
  code: 'unknown-secret',
  problem: text(`the channel has no secret "${name}"`, `该通道没有名为 "${name}" 的密钥`),
  expected: text(`secrets: {${name}: {env: NAME}}`, `secrets: {${name}: {env: 变量名}}`),
  found: null,
});
const WRITTEN_OUT: Complaint = {
  severity: 'warning',
  code: 'literal-secret',
  problem: text('a secret seems to be written out in the configuration (not repeated here)', '配置中似乎直接写入了密钥（此处不重复显示）'),
  expected: text(
    '"secrets" of the channel, used as {{ secrets.name }} in "headers", "query" or "body"',
    '写入通道的 "secrets"，并在 "headers"、"query" 或 "body" 中以 {{ secrets.name }} 引用',
  ),
  found: null,
};
const BAD_NAME: Complaint = {
  code: 'bad-name',
  problem: text('templates could not name this secret', '模板无法引用此名称的密钥'),
  expected: text(
    'letters, digits and "_", such as apiKey, used as {{ secrets.apiKey }}',
    '字母、数字与“_”，如 apiKey，以 {{ secrets.apiKey }} 引用',
  ),
  found: null,
};
const BAD_PATTERN: Complaint = {
  code: 'bad-pattern',
  problem: text('this is not a regular expression', '不是正则表达式'),
  expected: text('a pattern that an answer must match, such as "code":\\s*0', '应答须匹配的正则表达式，如 "code":\\s*0'),
  found: null,
};
const BODY_OF_GET: Complaint = {
  code: 'body-of-get',
  problem: text('a GET request has no body', 'GET 请求没有正文'),
  expected: text('"query" with method: GET, or method: POST', 'method: GET 时使用 "query"，或改用 method: POST'),
  found: null,
};
const SAYS_NOTHING: Complaint = {
  code: 'gateway-says-nothing',
  problem: text('the request says nothing: it has neither "query" nor "body"', '请求既无 "query" 也无 "body"，不含任何内容'),
  expected: text('a template of the query or of the body', '查询串或正文的模板'),
  found: null,
};

import { describe, expect, it } from 'vitest';
import { CHANNEL_KINDS } from './channel-schema.ts';
import { describeFault } from './fault.ts';
import { type Case, expectFault, load, loadWith, MAIL, section } from './test-helpers.ts';

const SECRET = 'hunter2-never-shown';
const at = (path: string) => `a.yaml:6 channels[0]${path}`;
const one = (item: string) => section('channels', item);
const hook = (url: string, rest = '') => one(`{id: w, kind: webhook, url: "${url}", secret: {env: S}${rest}}`);
const gateway = (rest: string) => one(`{id: g, kind: gateway, url: "https://sms.example.cn/send", ${rest}}`);
const local = { code: 'local-target', says: /this machine, its link or a cloud's metadata(.|\n)*allowLocal: true/ };

const CASES: Case[] = [
  { name: 'loopback', yaml: hook('http://127.0.0.1:9/'), at: at('.url'), ...local },
  { name: 'loopback by name', yaml: hook('http://localhost:9/'), at: at('.url'), ...local },
  { name: 'loopback in disguise', yaml: hook('http://[::ffff:7f00:1]/'), at: at('.url'), ...local },
  { name: 'loopback as a number', yaml: hook('http://2130706433/'), at: at('.url'), ...local },
  { name: 'link-local', yaml: hook('http://[fe80::1]/'), at: at('.url'), ...local },
  { name: 'metadata', yaml: hook('http://169.254.169.254/latest'), at: at('.url'), ...local },
  { name: 'metadata of Alibaba Cloud', yaml: hook('http://100.100.100.200/'), at: at('.url'), ...local },
  {
    name: 'loopback of a gateway',
    yaml: one('{id: g, kind: gateway, url: "http://127.0.0.1/", body: x}'),
    at: at('.url'),
    ...local,
  },
  { name: 'loopback of an Alertmanager', yaml: one('{id: a, kind: alertmanager, url: "http://127.0.0.1/"}'), at: at('.url'), ...local },
  {
    name: 'a robot with its key written out',
    yaml: one(`{id: w, kind: wecom, url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${SECRET}"}`),
    at: at('.url'),
    code: 'literal-secret',
    says: /\{env: NAME\}/,
  },
  { name: 'a robot without a URL', yaml: one('{id: w, kind: feishu}'), at: at('.url'), code: 'missing-key', says: /\{env: NAME\}/ },
  {
    name: 'a key of another kind',
    yaml: one('{id: w, kind: wecom, url: {env: U}, host: x}'),
    at: at('.host'),
    code: 'unknown-key',
    says: /one of allowLocal, ca, id, kind, limit, maxAttempts, mention, template, timeout, url/,
  },
  {
    name: 'a misspelt key',
    yaml: hook('https://x.cn/', ', timout: 5s'),
    at: at('.timout'),
    code: 'unknown-key',
    says: /did you mean "timeout"/,
  },
  {
    name: 'a limit without its time',
    yaml: hook('https://x.cn/', ', limit: {messages: 20}'),
    at: at('.limit.per'),
    code: 'missing-key',
    says: /"10s"/,
  },
  {
    name: 'a limit of nothing',
    yaml: hook('https://x.cn/', ', limit: {messages: 0, per: 1m}'),
    at: at('.limit.messages'),
    code: 'too-small',
    says: /found: 0; expected: at least 1/,
  },
  {
    name: 'a template that is not there',
    yaml: one(`{${MAIL}, template: nice}`),
    at: at('.template'),
    code: 'unknown-reference',
    says: /no template "nice"/,
  },
  {
    name: 'a gateway that says nothing',
    yaml: gateway('timeout: 5s'),
    at: at(''),
    code: 'gateway-says-nothing',
    says: /"query" nor "body"/,
  },
  { name: 'a body of GET', yaml: gateway('method: GET, query: "?a=1", body: x'), at: at('.body'), code: 'body-of-get', says: /no body/ },
  {
    name: 'a pattern that is none',
    yaml: gateway('body: x, accepted: "(ok"'),
    at: at('.accepted'),
    code: 'bad-pattern',
    says: /regular expression/,
  },
  {
    name: 'a header that is none',
    yaml: gateway('body: x, headers: {"X@Key": a}'),
    at: at('.headers.X@Key'),
    code: 'bad-header',
    says: /HTTP header/,
  },
  {
    name: 'a pattern that may take for ever',
    yaml: gateway('body: x, accepted: "^(ok+)+$"'),
    at: at('.accepted'),
    code: 'slow-pattern',
    says: /plain pattern/,
    warning: true,
  },
  {
    name: 'a header that says where the request ends',
    yaml: gateway('body: x, headers: {transfer-encoding: chunked}'),
    at: at('.headers.transfer-encoding'),
    code: 'bad-header',
    says: /who sends the request/,
  },
  {
    name: 'a type of two lines',
    yaml: gateway('body: x, contentType: "text/plain\\r\\nX-Other: 1"'),
    at: at('.contentType'),
    code: 'bad-media-type',
    says: /media type/,
  },
  {
    name: 'a time-out that no clock holds',
    yaml: hook('https://x.cn/', ', timeout: 9999h'),
    at: at('.timeout'),
    code: 'bad-duration',
    says: /found: "9999h"; expected: from "100ms" to "5m"/,
  },
  {
    name: 'a time-out in which nobody can answer',
    yaml: one(`{${MAIL}, timeout: 1ms}`),
    at: at('.timeout'),
    code: 'bad-duration',
    says: /"100ms"/,
  },
  {
    name: 'a limit over months',
    yaml: hook('https://x.cn/', ', limit: {messages: 5, per: 9999h}'),
    at: at('.limit.per'),
    code: 'bad-duration',
    says: /"24h"/,
  },
  {
    name: 'a key in the address of a webhook',
    yaml: hook(`https://x.cn/?access_token=${SECRET}`),
    at: at('.url'),
    code: 'literal-secret',
    says: /kind gateway/,
    warning: true,
  },
  {
    name: 'a literal secret of a gateway',
    yaml: gateway(`body: x, secrets: {port: ${SECRET}}`),
    at: at('.secrets.port'),
    code: 'literal-secret',
    says: /written out/,
  },
  {
    name: 'a secret that templates cannot name',
    yaml: gateway('body: x, secrets: {api-key: {env: K}}'),
    at: at('.secrets.api-key'),
    code: 'bad-name',
    says: /could not name/,
  },
  {
    name: 'a secret that is not there',
    yaml: gateway('body: "{{ secrets.token }}{{ secrets[\'key\'] }}", secrets: {key: {env: K}}'),
    at: at('.body'),
    code: 'unknown-secret',
    says: /no secret "token"/,
  },
  {
    name: 'a token written out in a header',
    yaml: gateway(`body: x, headers: {Authorization: "Bearer ${SECRET}"}`),
    at: at('.headers.Authorization'),
    code: 'literal-secret',
    says: /seems to be written out/,
    warning: true,
  },
  {
    name: 'a key written out in an address',
    yaml: gateway('body: x').replace('/send', `/send?apikey=${SECRET}`),
    at: at('.url'),
    code: 'literal-secret',
    says: /\{\{ secrets\.name \}\}/,
    warning: true,
  },
  {
    name: 'a header of the wrong type, which may be a secret',
    yaml: gateway('body: x, headers: {host: 12345678}'),
    at: at('.headers.host'),
    code: 'wrong-type',
    says: /^[^\n]*wrong type\n\s*expected: text/,
  },
];

describe('each fault of a channel says where it is, what was found and what was expected', () => {
  it.each(CASES)('$name', (example) => {
    expectFault(example);
    expect(JSON.stringify(load(example.yaml as string).faults)).not.toContain(SECRET);
  });

  it('says everything that is wrong with one channel at once', () => {
    const { faults } = load(one('{id: m, kind: email, host: relay.example.cn, tls: none, from: noc, timeout: 5, colour: red}'));
    expect(faults.map(({ code }) => code).sort()).toEqual(['bad-duration', 'bad-mail-address', 'clear-text-mail', 'unknown-key']);
  });
});

describe('allowLocal', () => {
  it.each(['http://127.0.0.1:9/', 'http://localhost/', 'http://[fe80::1]/'])('lets messages go to %s', (url) => {
    expect(load(hook(url, ', allowLocal: true')).faults).toEqual([]);
  });
});

describe('templates', () => {
  const broken = {
    problem: { en: 'line 1: output "{{ x" not closed', zh: '第 1 行：输出未闭合' },
    expected: { en: 'Liquid', zh: 'Liquid' },
  };
  const options = { checkTemplate: (text: string) => (text.includes('{{ x') ? broken : null) };
  const template = (texts: string) => `${one(`{${MAIL}, template: t}`)}templates:\n  - {id: t, ${texts}}\n`;

  it.each<Case>([
    {
      name: 'in a message',
      yaml: template('zh: {title: "{{ x"}'),
      at: 'a.yaml:8 templates[0].zh.title',
      code: 'bad-template',
      says: /not closed/,
      options,
    },
    { name: 'in a body', yaml: gateway('body: "{{ x"'), at: at('.body'), code: 'bad-template', says: /not closed/, options },
    { name: 'in a query', yaml: gateway('query: "?a={{ x"'), at: at('.query'), code: 'bad-template', says: /not closed/, options },
    {
      name: 'in a header',
      yaml: gateway('body: x, headers: {A: "{{ x"}'),
      at: at('.headers.A'),
      code: 'bad-template',
      says: /not closed/,
      options,
    },
    { name: 'without words', yaml: template('zh: {}'), at: 'a.yaml:8 templates[0].zh', code: 'template-without-words', says: /"markdown"/ },
    {
      name: 'of no language',
      yaml: template('').replace(', }', '}'),
      at: 'a.yaml:8 templates[0]',
      code: 'template-without-words',
      says: /"zh" or "en"/,
    },
    {
      name: 'of a language nobody speaks',
      yaml: template('de: {text: x}'),
      at: 'a.yaml:8 templates[0].de',
      code: 'unknown-key',
      says: /"de"/,
    },
    {
      name: 'used by nobody',
      yaml: section('templates', '{id: t, en: {text: x}}'),
      at: 'a.yaml:6 templates[0]',
      code: 'template-unused',
      says: /no channel/,
      warning: true,
    },
  ])('with a fault: $name', expectFault);

  it('of a message see no secrets, and are asked so', () => {
    const asked: string[] = [];
    const checkTemplate = (text: string, use: string) => {
      asked.push(`${use} ${text}`);
      return null;
    };
    loadWith({ checkTemplate }, template('zh: {title: a, text: b}, en: {markdown: c}'));
    loadWith({ checkTemplate }, gateway('body: d, query: e, headers: {A: f}'));
    loadWith({ checkTemplate }, gateway('body: g, contentType: text/xml'));
    expect(asked.sort()).toEqual(['body b', 'body c', 'gateway e', 'gateway f', 'gateway g', 'gateway-json d', 'title a']);
  });
});

it('knows the seven kinds, and says so of another', () => {
  expect(CHANNEL_KINDS).toHaveLength(7);
  const [fault] = load(one('{id: w, kind: pager}')).faults;
  expect(fault && describeFault(fault, 'en')).toContain('one of webhook, email, wecom, dingtalk, feishu, gateway, alertmanager');
});

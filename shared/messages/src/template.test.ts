import { validateHeaderValue } from 'node:http';
import { describe, expect, it } from 'vitest';
import { checkTemplate } from './check.ts';
import { composeMail, composeMarkdown, composeShort } from './compose.ts';
import { composeGateway } from './gateway.ts';
import { allSamples, sampleMessage } from './samples.ts';
import { renderTemplate } from './template.ts';

const plain = (text: string) => text;
const rest = { language: 'zh', timeZone: 'Asia/Shanghai', diverted: null, channel: 'mail', total: 1 } as const;
const outage = sampleMessage('outage', 'opened', 'zh');
const words = (title: string | null, text: string | null, markdown: string | null) => ({
  id: 'own',
  zh: { title, text, markdown },
  en: null,
});

describe('templates', () => {
  it('say what they like of any message, and nothing fails for want of data', () => {
    const own = words(
      null,
      '{{ badge }}|{{ incident.title }}|{{ incident.attributes.hotline }}|{{ incident.attributes | get: "rack" }}',
      null,
    );
    for (const message of allSamples('zh')) {
      const { text } = composeMail({ ...rest, messages: [message], template: own });
      expect(text).toContain(`|${message.incident.title}|`);
      expect(text).not.toContain('own');
    }
  });

  it.each([
    ['an unknown variable', '{{ incident.titel }}', /undefined variable: incident\.titel/],
    ['an unknown filter', '{{ title | shout }}', /undefined filter: shout/],
    ['an output left open', '{{ title', /not closed/],
    ['a tag left open', '{% if title %}x', /not closed/],
    ['an unknown tag', '{% frobnicate %}', /not found/],
    ['another file', '{% include "/etc/passwd" %}', /not found/],
    ['what every object inherits', '{{ incident.constructor }}', /undefined variable/],
    ['a loop without end', '{% for i in (1..100000000) %}x{% endfor %}', /limit/],
    [
      'a text that doubles forty times',
      '{% assign s = title %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}{{ s }}',
      /limit|longer/,
    ],
    ['a template of a megabyte', 'x'.repeat(1_000_000), /limit/],
  ])('with %s are refused in both languages, with the place', (_name, template, problem) => {
    const found = checkTemplate(template, 'message');
    expect(found?.problem.en).toMatch(problem);
    expect(found?.problem.en).toMatch(/^line \d+, column \d+/);
    expect(found?.problem.zh).toMatch(/^模板第 \d+ 行第 \d+ 列有误/);
  });

  it('need not say that a message goes by another channel: it is said below their words, once', () => {
    const diverted = { channel: 'wx_1', why: 'no answer' };
    const messages = [outage] as const;
    const by = (text: string, markdown: string | null = null) =>
      ({ ...rest, diverted, channel: 'sms', messages, template: words(null, text, markdown) }) as const;
    const said = '“wx_1”不可用（no answer），本消息改由“sms”发送。';
    expect(composeShort(by('{{ badge }}'), 500).text).toMatch(new RegExp(`^告警 · 紧急\\n.*${said}$`));
    expect(composeMail(by('{{ badge }}')).text).toContain(said);
    expect(composeMarkdown(by('x', '{{ badge }}'), 'wecom', 4000).markdown).toContain('本消息改由“sms”发送');
    expect(composeShort(by('{% if diverted.channel %}by another{% endif %}'), 500).text).toBe('by another');
    expect(composeShort(by('{{ text }}'), 500).text.split('本消息改由').length).toBe(2);
    expect(composeShort({ ...by('{{ badge }}'), diverted: null }, 500).text).toBe('告警 · 紧急');
  });

  it('see secrets only in a gateway', () => {
    expect(checkTemplate('{{ secrets.key }}{{ address }}', 'gateway')).toBeNull();
    expect(checkTemplate('{{ secrets.key }}', 'message')).not.toBeNull();
    expect(
      checkTemplate(
        '{{ title }} {{ text }} {% for row in rows %}{{ row.label }}{% endfor %} {% for one in incidents %}{{ one.tag }}{% endfor %}',
        'message',
      ),
    ).toBeNull();
  });

  it('that fail when it comes to it let the message go in the built-in words, and say so', () => {
    const failing = words('{{ incident.titel }}', null, null);
    const mail = composeMail({ ...rest, messages: [outage], template: failing });
    expect(mail.subject).toBe('[告警 · 紧急] 电路 广州-深圳 100G 中断 #42');
    expect(mail.text).toContain('（模板“own”无法使用：undefined variable: incident.titel (1:4)；以上为内置文字。）');
  });

  it('replace only what they give words for', () => {
    const own = words('{{ incident.number }} 号', null, null);
    const mail = composeMail({ ...rest, messages: [outage], template: own });
    expect(mail.subject).toBe('42 号');
    expect(mail.text).toContain('报障电话: 10000');
    expect(composeMail({ ...rest, language: 'en', messages: [outage], template: own }).subject).toContain('[Alarm');
  });

  it('cannot be made to mention everybody by the name of an object', () => {
    const hostile = { ...outage, incident: { ...outage.incident, title: '<@all> **x** [y](http://evil)' } };
    const own = words(null, null, '# {{ incident.title }}');
    const wecom = composeMarkdown({ ...rest, messages: [hostile], template: own }, 'wecom', 4_000).markdown;
    expect(wecom).toBe('# ＜@all＞ ＊＊x＊＊ [y]（http://evil)');
    const feishu = composeMarkdown({ ...rest, messages: [hostile], template: own }, 'feishu', 4_000).markdown;
    expect(feishu).not.toMatch(/<@|\*\*|\]\(/);
  });

  it('are cut to what a short message holds', () => {
    const own = words(null, '{{ text }}{{ text }}', null);
    expect([...composeShort({ ...rest, messages: [outage], template: own }, 70).text]).toHaveLength(70);
  });
});

describe('the request of a gateway', () => {
  const templates = { query: '', headers: {}, body: '', contentType: 'application/json', longest: 500 };
  const facts = { address: '13800000000', delivery: 'd', attempt: 2, now: 1_000, secrets: { key: 'k&y' } };
  const message = { ...outage, incident: { ...outage.incident, title: 'a"b\\c&d=e' } };
  const compose = (more: Partial<typeof templates>) =>
    composeGateway({ ...templates, ...more }, { ...rest, messages: [message], template: null }, facts);

  it('is valid JSON whatever the values hold, printed plainly or by the json filter', () => {
    const { body } = compose({
      body: '{"to":"{{ address }}","a":"{{ incident.title }}","b":{{ incident.title | json }},"n":{{ attempt }}}',
    });
    expect(JSON.parse(body)).toEqual({ to: '13800000000', a: 'a"b\\c&d=e', b: 'a"b\\c&d=e', n: 2 });
  });

  it('escapes values in a query and in a form', () => {
    const { query } = compose({ query: 'to={{ address }}&key={{ secrets.key }}&t={{ incident.title | url_encode }}' });
    expect([...new URLSearchParams(query)]).toEqual([
      ['to', '13800000000'],
      ['key', 'k&y'],
      ['t', 'a"b\\c&d=e'],
    ]);
    const { body } = compose({ contentType: 'application/x-www-form-urlencoded', body: 't={{ incident.title }}' });
    expect(new URLSearchParams(body).get('t')).toBe('a"b\\c&d=e');
  });

  it('sends half a character in a query as what stands for none', () => {
    const { query } = compose({ query: 't={{ "a\ud800b" }}&u={{ "\udc00" | url_encode }}' });
    expect(query).toBe('t=a%EF%BF%BDb&u=%EF%BF%BD');
  });

  it('puts what is not ASCII into a header as UTF-8, and nothing that would break it', () => {
    const { headers } = compose({ headers: { 'X-Title': '烽台 {{ "a\r\nX-Other: 1\u0001\u007f" }}' } });
    expect(Buffer.from(headers['X-Title'] ?? '', 'latin1').toString('utf8')).toBe('烽台 a X-Other: 1');
    expect(() => validateHeaderValue('X-Title', headers['X-Title'] ?? '')).not.toThrow();
  });

  it('signs, and lets no value break out of a header', () => {
    const { headers } = compose({
      headers: {
        'X-Sign': '{{ delivery | append: attempt | hmac_sha256: secrets.key }}',
        'X-Note': 'a{{ incident.attributes | get: "n" }}',
      },
    });
    expect(headers['X-Sign']).toMatch(/^[0-9a-f]{64}$/);
    expect(renderTemplate('{{ "abc" | md5 }}', {}, plain)).toBe('900150983cd24fb0d6963f7d28e17f72');
  });
});

import { ATTRIBUTE_KEYS } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { ATTRIBUTES } from './attributes.ts';
import { escapeHtml, oneLine, safeLink } from './escape.ts';
import { mailOf, messageOf } from './message.fixture.ts';
import type { IncidentMessage } from './message.ts';
import { durationText, timeText } from './wording.ts';

const hostile = '<img src=x onerror=alert(1)>"\r\nBcc: all@example.cn\u202e';

describe('renderMail', () => {
  it('says in both languages what happened, where, since when, and whom to call', () => {
    const zh = mailOf(messageOf(), 'zh', 'Asia/Shanghai');
    const en = mailOf(messageOf(), 'en', 'Asia/Shanghai');
    expect(zh.subject).toBe('[告警 · 紧急] 电路 广州-深圳 100G 中断 #42');
    expect(en.subject).toBe('[Alarm · critical] 电路 广州-深圳 100G 中断 #42');
    for (const fact of ['运营商: 中国电信', '报障电话: 10000', '发生时间: 2026-11-22 10:40:05 (UTC+8)', '介于 10:40:00 与 10:40:10']) {
      expect(zh.text).toContain(fact);
    }
    expect(en.text).toContain('Hotline: 10000');
    expect(en.text).toContain('249 more objects behind it');
    expect(zh.html).toContain('另有 230 个');
  });

  it('says what the object is called elsewhere: its address and its id', () => {
    const { text, html } = mailOf(messageOf(), 'en', 'UTC');
    expect(text).toContain('Probed address: 192.0.2.1, 2001:db8::1\n');
    expect(text).toContain('Id: gd:gz-sz-100g\n');
    expect(html).toContain('gd:gz-sz-100g');
  });

  it('says why, in words, and nothing of it where it is not known', () => {
    const cause = { ...messageOf().incident.cause, reason: 'wrong-key' as const };
    expect(mailOf(messageOf({}, { cause }), 'zh', 'UTC').text).toContain('原因: SNMP 密钥不正确\n');
    expect(mailOf(messageOf({}, { cause }), 'en', 'UTC').text).toContain('Reason: the SNMP key is wrong\n');
    expect(mailOf(messageOf({}, { cause: { ...cause, reason: null } }), 'en', 'UTC').text).not.toContain('Reason');
    expect(mailOf(messageOf(), 'en', 'UTC').text).not.toContain('Reason');
  });

  it('gives bounds that the truth cannot lie outside of', () => {
    const bounds = { startedEarliest: '2026-11-22T03:16:16.901Z', startedLatest: '2026-11-22T03:16:19.328Z' };
    expect(mailOf(messageOf({}, bounds), 'en', 'UTC').text).toContain('(between 03:16:16 and 03:16:20)');
  });

  it.each([
    [{ total: 1, dependants: 6 }, '有 6 个对象依赖于它', '6 objects depend on it;'],
    [{ total: 1, dependants: 1 }, '有 1 个对象依赖于它', '1 object depends on it;'],
    [{ total: 1, dependants: 0 }, '没有其他对象只依赖于它。', 'No other object depends on it alone.'],
    [{ total: 2, dependants: 6 }, '另有 1 个下级对象因此受影响', '1 more object behind it is affected'],
  ])('an alarm with %o says how far it reaches', (affected, zh, en) => {
    const message = messageOf({}, { affected: { ...affected, objects: [{ id: 'gd:gz-sz-100g', name: '广州-深圳 100G' }] } });
    expect(mailOf(message, 'zh', 'UTC').text).toContain(zh);
    expect(mailOf(message, 'en', 'UTC').text).toContain(en);
  });

  it('says nothing of what hangs on the cause when the stored message does not', () => {
    const stored = messageOf({}, { affected: { total: 1, objects: [] } });
    expect(mailOf(stored, 'en', 'UTC').text).toMatch(/ down\n\nObject: |中断\n\nObject: /);
    expect(mailOf(stored, 'en', 'UTC').html).not.toContain('<p style="margin:0 0 14px');
  });

  it('has a label in both languages for every attribute the configuration knows', () => {
    for (const key of [...ATTRIBUTE_KEYS, 'end1', 'end2'].filter((one) => one !== 'nameEn')) {
      const { zh, en } = ATTRIBUTES[key] ?? {};
      expect([key, zh, en]).toEqual([key, expect.stringMatching(/\p{Script=Han}/u), expect.stringMatching(/^[A-Z][a-z ]+$/)]);
    }
  });

  it('tells a recovery with how long it lasted', () => {
    const resolved = messageOf(
      { type: 'incident.resolved' },
      { state: 'resolved', resolvedAt: '2026-11-22T03:52:10.000Z', resolution: 'recovered', durationMs: 4_325_000 },
    );
    expect(mailOf(resolved, 'zh', 'UTC').subject).toBe('[恢复] 电路 广州-深圳 100G 中断 #42');
    expect(mailOf(resolved, 'zh', 'UTC').text).toContain('已恢复，历时 1 小时 12 分。');
    expect(mailOf(resolved, 'en', 'UTC').text).toContain('Lasted: 1 h 12 min');
  });

  it('does not say that a retired object serves again', () => {
    const over = { state: 'resolved', resolvedAt: '2026-11-22T03:52:10.000Z' } as const;
    const retired = mailOf(messageOf({ type: 'incident.resolved' }, { ...over, resolution: 'retired' }), 'en', 'UTC');
    const byHand = mailOf(messageOf({ type: 'incident.resolved' }, { ...over, resolution: 'by-hand' }), 'zh', 'UTC');
    expect(retired.text).not.toContain('Serving again');
    expect(retired.subject).toContain('[Ended]');
    expect(byHand.text).toContain('由值班人员');
  });

  it('lets no name out of its place: not into the markup, not into a header', () => {
    const message: IncidentMessage = messageOf(
      { node: hostile },
      {
        title: hostile,
        divisionName: hostile,
        partyName: hostile,
        runbook: 'javascript:alert(1)',
        attributes: { [hostile]: hostile },
        cause: { id: 'x', name: hostile, kind: 'circuit', class: 'backbone' },
        affected: { total: 2, objects: [{ id: 'y', name: hostile }] },
      },
    );
    const { subject, html } = mailOf(message, 'zh', 'UTC');
    expect(subject).not.toMatch(/[\r\n\u202e]/);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('javascript:');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;');
  });

  it('loads nothing from outside', () => {
    const { html } = mailOf(messageOf(), 'zh', 'UTC');
    expect(html).not.toMatch(/<(img|link|script|iframe|style)|url\(|@import| src=/i);
  });
});

describe('words', () => {
  it.each([
    [0, '0 s'],
    [400, '<1 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [3_725_000, '1 h 2 min'],
    [90_061_000, '1 d 1 h'],
    [86_400_000, '1 d'],
  ])('%i ms last %s', (ms, text) => {
    expect(durationText(ms, 'en')).toBe(text);
  });

  it('gives times in the zone asked for, with its offset of that day', () => {
    expect(timeText('2026-01-01T00:00:00.000Z', 'Europe/Berlin')).toBe('2026-01-01 01:00:00 (UTC+1)');
    expect(timeText('2026-07-01T00:00:00.000Z', 'Europe/Berlin')).toBe('2026-07-01 02:00:00 (UTC+2)');
    expect(timeText('2026-07-01T00:00:00.000Z', 'UTC')).toBe('2026-07-01 00:00:00 (UTC+0)');
  });

  it('escapes, flattens and links only what is safe', () => {
    expect(escapeHtml(`a<b>&"'`)).toBe('a&lt;b&gt;&amp;&quot;&#39;');
    expect(oneLine(' a\r\n\tb\u0000c\u2028d ')).toBe('a b c d');
    expect(safeLink('https://wiki.example.cn/x?a=1&b=2')).toBe('https://wiki.example.cn/x?a=1&b=2');
    expect(safeLink('data:text/html,x')).toBeNull();
    expect(safeLink('not a url')).toBeNull();
  });
});

import { CAUSE_CATEGORIES, NOTICE_STEPS, TIMELINE_KINDS } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { factsOf, isAlarming, sortOf } from './timeline-facts.ts';
import { lineText, STEPS, type Telling, TIMELINE_LINES } from './timeline-words.ts';
import { CATEGORIES } from './words.ts';

const TELL: Telling = {
  severity: (severity) => `<${severity ?? '—'}>`,
  step: (step) => `[${step ?? '—'}]`,
  category: (code) => `(${code})`,
  time: (at) => new Date(at).toISOString(),
  list: (names) => names.join('+'),
};
const say = (kind: string, detail: Record<string, unknown>, actor = 'li') => ({
  zh: lineText(kind, factsOf(actor, detail), 'zh', TELL),
  en: lineText(kind, factsOf(actor, detail), 'en', TELL),
});

describe('a line of a timeline', () => {
  it.each(TIMELINE_KINDS)('%s has words in both languages, whatever it carries', (kind) => {
    for (const language of ['zh', 'en'] as const) {
      expect(TIMELINE_LINES[language][kind]).toBeTypeOf('function');
      for (const detail of [{}, { count: 'many', objects: 7, edge: { at: 1 }, contacts: null, into: {}, deadline: 'soon' }]) {
        const text = lineText(kind, factsOf('li', detail), language, TELL);
        expect(text).not.toBe('');
        expect(text).not.toMatch(/undefined|null|NaN|\[object/);
      }
    }
  });

  it('of a kind from a later version is shown by its name', () => {
    expect(say('levitated', {}).en).toBe('levitated · li');
  });

  it.each([
    ['opened', { reason: 'parents-serve', severity: 'major' }, '产生，级别<major>（其上级正常，不能归因于上级）'],
    ['opened', { reason: 'something new', severity: 'major' }, '产生，级别<major>（something new）'],
    ['joined', { count: 1200, objects: ['a', 'b'] }, '1200 个对象受其影响'],
    ['assigned', { to: 'wang' }, 'li 转派给 wang，等待对方接受'],
    ['assigned', { to: 'li' }, 'li 接手'],
    ['declined', { to: 'li', owner: 'wang' }, 'li 拒绝转派，仍由 wang 负责'],
    ['declined', { to: 'wang', owner: 'li' }, 'li 收回给 wang 的转派'],
    ['merged', { into: 7, incident: 'x' }, 'li 将其并入 #7 '],
    ['closed', { causeCategory: 'power', chargedParty: null }, 'li 关闭，原因：(power)，责任方：起因对象自身的责任方'],
    ['closed', { causeCategory: 'power', with: 3 }, 'li 关闭（随 #3 一并），原因：(power)'],
    ['unacknowledged', { escalation: 'e', stepNumber: 0, contacts: ['a', 'b'] }, '无人受理，升级 e 第 1 步：告知 a+b'],
    ['respond-late', { deadline: 0 }, '响应超时：期限 1970-01-01T00:00:00.000Z'],
    [
      'nobody-told',
      { step: 'opened', reason: 'no-route-applies', unmanned: ['r'], unknown: ['c'] },
      '没有告知任何人：[opened]（没有适用的告知路由），无人值班：r，未配置：c',
    ],
    [
      'delivery-diverted',
      { contact: 'c', from: 'mail', to: 'sms', why: 'circuit-open' },
      '发给 c 的通知由通道 mail 改走 sms（该通道处于熔断）',
    ],
  ])('%s of %j', (kind, detail, expected) => {
    expect(say(kind, detail).zh).toBe(expected);
  });

  it('says who ended what ended by hand', () => {
    expect(say('resolved', { reason: 'serves' }, 'system').en).toBe('Resolved (it serves again)');
    expect(say('resolved', { note: 'x' }, 'li').en).toBe('li resolved it by hand');
    expect(sortOf('resolved', 'li')).toBe('people');
    expect(sortOf('resolved', 'system')).toBe('seen');
  });

  it('names what was split off and what was merged', () => {
    expect(factsOf('system', { object: 'bj:a', into: 'uuid' })).toMatchObject({
      objects: ['bj:a'],
      incident: 'uuid',
      number: null,
      count: 1,
    });
    expect(factsOf('li', { into: 7, incident: 'uuid' })).toMatchObject({ incident: 'uuid', number: 7 });
    expect(factsOf('system', { done: 2, failed: 1 })).toMatchObject({ done: 2, failed: 1 });
  });

  it('stands out when telling or time went wrong', () => {
    expect(TIMELINE_KINDS.filter(isAlarming)).toEqual([
      'split-refused',
      'nobody-on-duty',
      'nobody-told',
      'assignee-not-told',
      'respond-late',
      'repair-late',
      'delivery-diverted',
    ]);
  });
});

describe('words', () => {
  it('there are for every step of telling', () => {
    expect(Object.keys(STEPS.zh)).toEqual([...NOTICE_STEPS]);
  });
  it('for categories of causes are those that reports use', () => {
    for (const [code, { zh, en }] of Object.entries(CAUSE_CATEGORIES)) {
      expect([CATEGORIES.zh[code as 'power'], CATEGORIES.en[code as 'power']]).toEqual([zh, en]);
    }
  });
});

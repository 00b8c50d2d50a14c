import { describe, expect, it } from 'vitest';
import { mailOf, messageOf } from './message.fixture.ts';

const warning = {
  objective: 'backbone',
  target: 0.9997,
  firing: [{ severity: 'critical' as const, limit: 14.4, longMs: 3_600_000, longRate: 20.345, shortMs: 300_000, shortRate: 100 }],
  periodFrom: '2018-06-30T16:00:00.000Z',
  periodTo: '2018-12-31T16:00:00.000Z',
  budgetMs: 4_769_280,
  leftMs: 1_192_320,
  leftFraction: 0.25,
  exhaustedAt: '2018-07-05T04:00:00.000Z',
  forecast: 'forecast' as const,
};

const about = (more: Partial<typeof warning> | { leftMs: number; forecast: 'exhausted'; exhaustedAt: null } = {}) => ({
  kind: 'early-warning' as const,
  title: '可用率目标 广域骨干网 误差预算消耗过快',
  cause: { id: 'objective/backbone', name: '广域骨干网', kind: 'objective' as const, class: 'backbone' as const },
  party: null,
  partyName: null,
  affected: { total: 0, objects: [] },
  attributes: {},
  warning: { ...warning, ...more },
});

describe('the mail of an early warning', () => {
  it('says in Chinese what burns, how fast, what is left and until when', () => {
    const { subject, text } = mailOf(messageOf({}, about()), 'zh', 'Asia/Shanghai');
    expect(subject).toBe('[预警 · 紧急] 可用率目标 广域骨干网 误差预算消耗过快 #42');
    for (const fact of [
      '最近 1 小时内，误差预算的消耗速度为允许值的 20.3 倍；照此速度将于 2018-07-05 12:00:00 (UTC+8) 耗尽。',
      '目标: 广域骨干网\n',
      '目标值: 99.97%\n',
      '消耗速度: 1 小时内 20.3 倍，5 分内 100 倍（紧急限值 14.4 倍）\n',
      '误差预算: 1 小时 19 分\n',
      '剩余预算: 19 分 52 秒（25%）\n',
      '统计周期: 2018-07-01 00:00:00 (UTC+8) – 2019-01-01 00:00:00 (UTC+8)',
    ]) {
      expect(text).toContain(fact);
    }
    expect(text).not.toContain('影响对象');
  });

  it('says it in English, an overdrawn budget too', () => {
    const overdrawn = about({ leftMs: -60_000, forecast: 'exhausted', exhaustedAt: null });
    const { subject, text, html } = mailOf(messageOf({ type: 'incident.escalated' }, overdrawn), 'en', 'UTC');
    expect(subject).toContain('[Early warning, worse · critical]');
    expect(text).toContain('Over the last 1 h the error budget burned 20.3 times as fast as it may; the budget is used up.');
    expect(text).toContain('Budget left: overdrawn by 1 min (25%)\n');
    expect(html).toContain('the budget is used up');
  });

  it('says how it ended', () => {
    const over = { ...about(), resolvedAt: '2018-07-05T04:00:00.000Z', firing: [] };
    const said = (resolution: 'recovered' | 'retired', language: 'zh' | 'en') =>
      mailOf(messageOf({ type: 'incident.resolved' }, { ...over, resolution }), language, 'UTC').text;
    expect(said('recovered', 'en')).toContain('[Warning over]');
    expect(said('recovered', 'zh')).toContain('误差预算的消耗速度已回落。');
    expect(said('retired', 'en')).toContain('The objective is no longer in the inventory');
  });
});

import { describe, expect, it } from 'vitest';
import { JudgedTime } from './judged-time.ts';

const office = {
  ...{ id: 'office', name: '工作时间', nameEn: null, knownUntil: null },
  week: [...Array.from({ length: 5 }, () => [{ from: 540, to: 1080 }]), [], []],
  dates: [{ date: '2026-10-01', spans: [], name: '国庆节' }],
};
const at = (text: string): number => Date.parse(`${text}+08:00`);

describe('the time a condition is judged', () => {
  const inside = new JudgedTime(office, 'inside', 'Asia/Shanghai');
  const outside = new JudgedTime(office, 'outside', 'Asia/Shanghai');

  it.each([
    ['before the office opens', '2026-09-30T08:59:59', false],
    ['when it opens', '2026-09-30T09:00:00', true],
    ['when it closes', '2026-09-30T18:00:00', false],
    ['on a holiday', '2026-10-01T12:00:00', false],
    ['on a Saturday', '2026-10-03T12:00:00', false],
    ['a year later', '2027-09-30T12:00:00', true],
    ['and before again', '2026-09-30T12:00:00', true],
  ])('%s', (_, moment, judged) => {
    expect(inside.includes(at(moment))).toBe(judged);
    expect(outside.includes(at(moment))).toBe(!judged);
  });

  it('says since when', () => {
    expect(inside.since(at('2026-09-30T12:00:00'))).toBe(at('2026-09-30T09:00:00'));
    expect(outside.since(at('2026-10-01T12:00:00'))).toBe(at('2026-09-30T18:00:00'));
    expect(inside.since(at('2026-10-01T12:00:00'))).toBe(at('2026-10-01T12:00:00'));
  });
});

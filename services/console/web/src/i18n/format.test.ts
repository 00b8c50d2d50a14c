import { describe, expect, it } from 'vitest';
import { formatBps, formatDuration, formatPercent, formatPercentUp, formatShortDuration, formatTime } from './format.ts';

describe('figures as people read them', () => {
  it.each([
    [0.99969, 2, '99.96%', '99.97%'],
    [0.9997, 2, '99.97%', '99.97%'],
    [0.9999999, 3, '99.999%', '100.000%'],
    [1, 3, '100.000%', '100.000%'],
    [0, 1, '0.0%', '0.0%'],
  ])('%s with %i digits is %s, as an upper bound %s', (fraction, digits, down, up) => {
    expect(formatPercent(fraction, digits)).toBe(down);
    expect(formatPercentUp(fraction, digits)).toBe(up);
  });
  it('no figure is a dash, never 0', () => {
    for (const text of [formatPercent(null), formatPercentUp(null), formatBps(null)]) expect(text).toBe('—');
  });
  it.each([
    [0, '0 秒', '0s', '0 秒'],
    [65_000, '1 分 5 秒', '1m 5s', '1 分'],
    [7_199_000, '1 小时 59 分', '1h 59m', '119 分'],
    [90_000_000, '1 天 1 小时', '1d 1h', '25 小时'],
    [345_600_000, '4 天', '4d', '4 天'],
  ])('%i ms', (ms, zh, en, short) => {
    expect(formatDuration(ms, 'zh')).toBe(zh);
    expect(formatDuration(ms, 'en')).toBe(en);
    expect(formatShortDuration(ms, 'zh')).toBe(short);
  });
  it('a moment is in the zone of the node', () => {
    expect(formatTime('2026-11-22T16:30:00Z', 'Asia/Shanghai')).toBe('2026-11-23 00:30:00');
    expect(formatTime('2026-11-22T16:30:00Z', 'Asia/Shanghai', 'clock')).toBe('00:30:00');
  });
});

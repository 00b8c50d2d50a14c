import { expect, it } from 'vitest';
import { parseMetrics } from './metrics.ts';

const TEXT = `# HELP icmp_rounds_total Rounds
# TYPE icmp_rounds_total counter
icmp_rounds_total{result="taken",process="main/collect"} 12
icmp_rounds_total{process="other",result="taken"} 3
icmp_rounds_total{result="late"} 1
up 1
odd{text="a \\"b\\", c=\\"d\\""} 4.5 1700000000
`;

it('sums over the labels that are not asked for', () => {
  const metrics = parseMetrics(TEXT);
  expect(metrics.sum('icmp_rounds_total')).toBe(16);
  expect(metrics.sum('icmp_rounds_total', { result: 'taken' })).toBe(15);
  expect(metrics.sum('icmp_rounds_total', { result: 'taken', process: 'other' })).toBe(3);
  expect(metrics.sum('up')).toBe(1);
  expect(metrics.sum('odd')).toBe(4.5);
  expect(metrics.sum('absent')).toBe(0);
});

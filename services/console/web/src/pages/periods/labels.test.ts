import { expect, test } from 'vitest';
import { periodLabel } from './labels.ts';

test.each([
  ['2026-06-30T16:00:00.000Z', '2026-12-31T16:00:00.000Z', '2026-H2'],
  ['2026-10-31T16:00:00.000Z', '2026-11-30T16:00:00.000Z', '2026-11'],
  ['2026-10-31T16:00:00.000Z', '2026-11-10T16:00:00.000Z', '2026-11-01 – 2026-11-10'],
])('%s to %s is %s', (from, to, label) => {
  expect(periodLabel(from, to, 'Asia/Shanghai')).toBe(label);
});

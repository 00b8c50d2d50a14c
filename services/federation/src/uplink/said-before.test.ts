import { NO_HASH } from '@beacontower/contracts';
import { expect, test } from 'vitest';
import { saidBefore } from './said-before.ts';

const change = { from: 'unknown', to: 'up', at: 70, earliest: 70, latest: 70, reason: 'replied', decidedAt: 71 };
const lineOf = (kind: string, payload: object) =>
  JSON.stringify({ sequence: 7, previous: NO_HASH, kind, eventAt: 0, recordedAt: 100, payload });
const revision = { object: 'gd:a', check: null, resolutionMs: 1, from: 0 };

test.each([
  ['without an end: until it was said', { to: null, transitions: [] }, 101],
  ['without an end: all that it says', { to: null, transitions: [{ ...change, at: 130 }] }, 131],
  ['with an end', { to: 50, transitions: [] }, 50],
])('a revision %s', (_what, stretch, to) => {
  const payload = { ...revision, ...stretch };
  expect(saidBefore(lineOf('revision', payload))).toEqual({ kind: 'revision', eventAt: 0, recordedAt: 100, payload: { ...payload, to } });
});

test('all else is said as it was', () => {
  const payload = { object: 'gd:a', check: null, resolutionMs: 1, ...change };
  expect(saidBefore(lineOf('transition', payload))).toEqual({ kind: 'transition', eventAt: 0, recordedAt: 100, payload });
});

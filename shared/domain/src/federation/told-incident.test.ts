import { describe, expect, it } from 'vitest';
import { type KnownIncident, settleTold, type ToldIncident } from './told-incident.ts';

const lasts: ToldIncident = { severity: 'major', homeState: 'open', resolvedAt: null, asks: false };
const over: ToldIncident = { ...lasts, homeState: 'resolved', resolvedAt: 1_000 };
const told: KnownIncident = { state: 'open', severity: 'major', taken: false, isAcknowledged: false, asked: false, wasTaken: false };
const taken: KnownIncident = { ...told, taken: true, asked: true };
const acknowledged: KnownIncident = { ...taken, state: 'acknowledged', isAcknowledged: true };

describe('what is told of an incident of another tier', () => {
  it.each<[string, KnownIncident | null, ToldIncident, ReturnType<typeof settleTold>]>([
    ['new, only told of', null, lasts, { state: 'open', taken: false, takenNow: false, tell: null }],
    [
      'only told of, it is as far as at its home',
      told,
      { ...lasts, homeState: 'acknowledged' },
      { state: 'acknowledged', taken: false, takenNow: false, tell: null },
    ],
    ['asked for', told, { ...lasts, asks: true }, { state: 'open', taken: true, takenNow: true, tell: 'opened' }],
    ['asked for again', taken, { ...lasts, asks: true }, { state: 'open', taken: true, takenNow: false, tell: null }],
    ['over when it is asked for', null, { ...over, asks: true }, { state: 'resolved', taken: true, takenNow: true, tell: null }],
    [
      'closed there when it is asked for',
      null,
      { ...over, homeState: 'closed', asks: true },
      { state: 'closed', taken: false, takenNow: false, tell: null },
    ],
    ['its end', acknowledged, over, { state: 'resolved', taken: true, takenNow: false, tell: 'resolved' }],
    ['its end, told again', { ...taken, state: 'resolved' }, over, { state: 'resolved', taken: true, takenNow: false, tell: null }],
    ['its end, closed here', { ...taken, state: 'closed' }, over, { state: 'closed', taken: true, takenNow: false, tell: null }],
    [
      'the end of what was sent back',
      { ...told, wasTaken: true },
      over,
      { state: 'resolved', taken: false, takenNow: false, tell: 'resolved' },
    ],
    ['worse', acknowledged, { ...lasts, severity: 'critical' }, { state: 'acknowledged', taken: true, takenNow: false, tell: 'escalated' }],
    ['better', acknowledged, { ...lasts, severity: 'minor' }, { state: 'acknowledged', taken: true, takenNow: false, tell: null }],
    [
      'under way again at a home that was restored',
      { ...acknowledged, state: 'resolved' },
      lasts,
      { state: 'acknowledged', taken: true, takenNow: false, tell: null },
    ],
    [
      'under way again, answered for by nobody',
      { ...taken, state: 'closed' },
      lasts,
      { state: 'open', taken: true, takenNow: false, tell: null },
    ],
  ])('%s', (_what, known, words, settled) => {
    expect(settleTold(known, words)).toEqual(settled);
  });
});

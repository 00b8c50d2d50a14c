import { describe, expect, test } from 'vitest';
import { judgeLink, type LinkSeen, linkState } from './link.ts';

const seen = (over: Partial<LinkSeen>): LinkSeen => ({ heardAt: 1_000, silentSince: null, removedAt: null, behindUntil: null, ...over });
const rule = { afterMs: 10_000, listeningSince: 0 };

describe('the link to a node', () => {
  test.each<[string, Partial<LinkSeen>, string]>([
    ['is heard', {}, 'heard'],
    ['catches up while its log is behind', { behindUntil: 7 }, 'catching-up'],
    ['is silent, however far its log is', { silentSince: 1_000, behindUntil: 7 }, 'silent'],
    ['is awaited until it speaks', { heardAt: null }, 'awaited'],
    ['is no more', { removedAt: 2_000, silentSince: 1_000 }, 'removed'],
  ])('%s', (_, over, state) => {
    expect(linkState(seen(over))).toBe(state);
  });

  test.each<[string, Partial<LinkSeen>, Partial<typeof rule>, number, unknown]>([
    ['five missed snapshots are not yet silence', {}, {}, 11_000, null],
    ['one ms more is, since it was last heard', {}, {}, 11_001, { change: 'silent', since: 1_000 }],
    ['what is silent stays so without a word', { silentSince: 1_000 }, {}, 99_000, null],
    ['a word ends it', { silentSince: 1_000, heardAt: 50_000 }, {}, 50_100, { change: 'heard', at: 50_000 }],
    ['a word of long ago does not', { silentSince: 1_000, heardAt: 50_000 }, {}, 70_000, null],
    ['who never spoke is awaited', { heardAt: null }, {}, 99_000, null],
    ['who was deaf a moment ago says nothing', {}, { listeningSince: 90_000 }, 99_000, null],
    ['and says it once it has listened long enough', {}, { listeningSince: 90_000 }, 100_001, { change: 'silent', since: 1_000 }],
    ['who was let go is not silent', { removedAt: 2_000 }, {}, 99_000, null],
    ['and is not kept as silent', { removedAt: 2_000, silentSince: 1_000 }, {}, 99_000, { change: 'removed' }],
  ])('%s', (_, over, ruled, now, change) => {
    expect(judgeLink(seen(over), { ...rule, ...ruled }, now)).toEqual(change);
  });
});

import { type SelfFacts, SelfFinding } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { WATCHDOG_DEFAULTS } from './config.ts';
import { workingFacts } from './facts.fixture.ts';
import { federationFacts } from './gather/federation.ts';
import { judgeSelf, mayBeat, statusOf } from './judge.ts';

const NOW = Date.UTC(2026, 10, 22, 5);
const DAY = 86_400_000;
type Federation = NonNullable<SelfFacts['federation']>;
const uplink: NonNullable<Federation['uplink']> = {
  ...{ silentMs: 500, failure: null, waiting: 3, waitingMs: 200, bytes: 1_000, clockOffsetMs: 4, certificateMs: 60 * DAY },
};
const node: Federation['nodes'][number] = {
  ...{ node: 'gd', state: 'heard', silentMs: 500, refused: null, lagMs: 9_000, differences: 0, clockOffsetMs: 4, certificateMs: 60 * DAY },
};

const judge = (federation: Federation, more: Partial<SelfFacts> = {}) => {
  const facts = workingFacts({ federation, ...more });
  const findings = judgeSelf(facts, WATCHDOG_DEFAULTS.limits, NOW, []);
  return { findings, status: statusOf(facts, findings) };
};

describe('judging the federation', () => {
  it('finds nothing wrong where all is heard', () => {
    expect(judge({ uplink, nodes: [node, { ...node, node: 'hn', state: 'awaited', lagMs: null, silentMs: null }] })).toEqual({
      findings: [],
      status: 'ok',
    });
  });

  it.each<[string, string, Partial<typeof uplink>]>([
    ['is refused above', 'uplink-refused', { failure: 'clock-off' }],
    ['is not answered', 'uplink-silent', { silentMs: 61_000, failure: 'unreachable', waitingMs: 9_000_000 }],
    ['falls behind', 'uplink-behind', { waitingMs: 601_000 }],
    ['has a certificate that ends', 'uplink-certificate', { certificateMs: 3 * DAY }],
    ['has a certificate that has ended', 'uplink-certificate', { certificateMs: -3 * DAY }],
  ])('says of a node that %s: %s', (_, code, change) => {
    const { findings, status } = judge({ uplink: { ...uplink, ...change }, nodes: [] });
    expect(findings.map((each) => [each.code, each.severity, each.subject])).toEqual([[code, 'warning', null]]);
    expect(SelfFinding.parse(findings[0]).text.zh).toMatch(/[一-鿿]/);
    expect(mayBeat(status)).toBe(true);
  });

  it('says of lines that take more room than is left', () => {
    const large = { uplink: { ...uplink, bytes: 3 * 2 ** 30 }, nodes: [] };
    expect(judge(large).findings).toEqual([]);
    expect(judge(large, { disk: { freeBytes: 2.5 * 2 ** 30, totalBytes: 2 ** 40 } }).findings).toMatchObject([{ code: 'uplink-room' }]);
  });

  it.each<[string, string, Partial<typeof node>]>([
    ['is silent', 'node-silent', { state: 'silent', silentMs: 90_000, lagMs: 9_000_000 }],
    ['is refused', 'node-refused', { refused: 'chain-broken' }],
    ['is behind', 'node-behind', { state: 'catching-up', lagMs: 601_000 }],
    ['says other sums', 'node-differs', { differences: 2 }],
    ['has a wrong clock', 'node-clock', { clockOffsetMs: -6_000 }],
    ['has a certificate that ends', 'node-certificate', { certificateMs: DAY }],
  ])('says of one below that %s: %s', (_, code, change) => {
    const { findings } = judge({ uplink: null, nodes: [{ ...node, ...change }] });
    expect(findings.map((each) => [each.code, each.severity, each.subject])).toEqual([[code, 'warning', 'gd']]);
  });

  it('is of no concern to a node that stands alone', () => {
    expect(federationFacts({ uplink: null, nodes: [] }, NOW)).toBeNull();
  });
});

/** What the test tells of: a line of each kind, as plain as it may be. */

import { randomUUID } from 'node:crypto';
import type { WireObject } from '@beacontower/contracts';
import type { Said } from '../../protocol/chain.ts';
import type { Probe } from './probe.ts';

const HOUR = 3_600_000;
type State = 'up' | 'down' | 'unknown' | 'degraded';

export function wireObject(probe: Probe, id: string, changes: Partial<WireObject> = {}): WireObject {
  return {
    id,
    kind: 'access-line',
    name: `一致性测试 ${id}`,
    nameEn: `Conformance ${id}`,
    division: probe.identity.division,
    class: 'user-access',
    party: null,
    weight: 1,
    parents: [],
    rule: { require: 'any' },
    quiet: false,
    combines: null,
    checks: [],
    attributes: {},
    ...changes,
  };
}

/** An object that was there long before anything that the test tells of it. */
export function introduction(probe: Probe, id: string, changes: Partial<WireObject> = {}): Said {
  const validFrom = probe.day(60);
  return probe.said('inventory', { validFrom, validTo: null, object: wireObject(probe, id, changes) }, validFrom);
}

export const edge = (at: number) => ({ at, earliest: at - 500, latest: at + 500 });

export function change(from: State, to: State, at: number) {
  return { from, to, ...edge(at), reason: 'reported' as const, decidedAt: at + 1_000 };
}

export function transition(probe: Probe, object: string, from: State, to: State, at: number): Said {
  return probe.said('transition', { object, check: null, resolutionMs: 0, ...change(from, to, at) }, at);
}

export function outage(probe: Probe, object: string, began: number, ended: number | null): Said {
  const payload = { object, began: edge(began), ended: ended === null ? null : edge(ended), resolutionMs: 0 };
  return probe.said('outage', payload, ended ?? began);
}

/** A line of every kind but the first, valid in every member. */
export function everyKind(probe: Probe): Said[] {
  const { node, division } = probe.identity;
  const object = probe.object('kinds');
  const day = probe.day(50);
  const stretch = { startsAt: day, endsAt: day + HOUR };
  return [
    probe.said('node', { id: node, name: '一致性测试', nameEn: 'Conformance', division, timeZone: 'Asia/Shanghai', via: null }),
    probe.said('party', { id: `${node}-party`, name: '测试单位', nameEn: 'Party', tier: 'other' }),
    introduction(probe, object),
    transition(probe, object, 'unknown', 'up', day),
    probe.said('revision', { object, check: null, resolutionMs: 0, from: day + HOUR, to: day + 2 * HOUR, transitions: [] }, day + HOUR),
    outage(probe, object, day + 3 * HOUR, day + 4 * HOUR),
    incident(probe, object, day),
    maintenance(probe, object, stretch),
    reclassification(probe, object, stretch),
    rollup(probe, division),
  ];
}

export function incident(probe: Probe, cause: string, at: number): Said {
  const { node, division } = probe.identity;
  const view = { owner: null, firstReceiver: null, acknowledgedAt: null, respondBy: null, repairBy: null };
  const facts = { causeCategory: null, chargedParty: null, members: { total: 1, first: [cause] } };
  const words = { title: '测试事件', titleEn: 'Test' };
  const times = { started: edge(at), openedAt: at, resolvedAt: at + HOUR };
  const about = { kind: 'outage' as const, severity: 'minor' as const, cause, division, class: 'user-access' as const, party: null };
  return probe.said(
    'incident',
    {
      incident: { id: randomUUID(), home: node, ...about, ...words, ...times, ...facts },
      tiers: [{ node, state: 'closed', closedAt: at + HOUR, ...view }],
      escalated: null,
      lines: [],
    },
    at + HOUR,
  );
}

interface Stretch {
  readonly startsAt: number;
  readonly endsAt: number;
}

export function maintenance(probe: Probe, object: string, { startsAt, endsAt }: Stretch): Said {
  const approval = { approvedAt: startsAt, approvedBy: 'b', cancelledAt: null, cancelledBy: null };
  const made = { createdAt: startsAt, createdBy: 'a', ...approval };
  return probe.said(
    'maintenance',
    { id: randomUUID(), title: '割接', objects: [object], divisions: [], startsAt, endsAt, ...made },
    startsAt,
  );
}

export function reclassification(probe: Probe, object: string, { startsAt, endsAt }: Stretch): Said {
  const withdrawn = { withdrawnAt: null, withdrawnBy: null, withdrawnReason: null };
  const made = { party: null, reason: '测试', recordedAt: endsAt, recordedBy: 'a', ...withdrawn };
  const what = { id: randomUUID(), effect: 'exclude' as const, objects: [object], divisions: [] };
  return probe.said('reclassification', { ...what, startsAt, endsAt, ...made }, endsAt);
}

export function rollup(probe: Probe, division: string): Said {
  const sums = { objects: 0, upMs: 0, downMs: 0, unknownMs: 0, excludedMs: 0, downLeastMs: 0, downMostMs: 0 };
  const date = new Date(probe.day(55)).toISOString().slice(0, 10);
  return probe.said('rollup', { date, timeZone: 'Asia/Shanghai', division, class: 'other', ...sums }, probe.day(54));
}

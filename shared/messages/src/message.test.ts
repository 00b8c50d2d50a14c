import type { ObjectBody } from '@beacontower/contracts';
import { createDependencyGraph, DEFAULT_ICMP_POLICY } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import type { MessageDirectory, MessageInput } from './input.ts';
import { mailOf } from './message.fixture.ts';
import { createMessage } from './message.ts';

const object = (id: string, name: string, parents: string[], attributes: Record<string, string>): ObjectBody => ({
  id,
  kind: 'device',
  name,
  division: 'cn.gd',
  class: 'backbone',
  party: null,
  servingRule: 'any',
  dependency: { parents, rule: { require: 'any' } },
  checks: [
    {
      id: `${id}/icmp4`,
      objectId: id,
      kind: 'icmp',
      family: 4,
      address: '192.0.2.1',
      zone: 'z',
      policy: { ...DEFAULT_ICMP_POLICY, intervalMs: 1_000 },
    },
  ],
  weight: 1,
  runbook: null,
  attributes,
});

const objects = new Map(
  [
    object('gd:core', '省核心', [], { nameEn: 'Provincial core', vendor: 'Huawei' }),
    object('gd:leaf', '接入', ['gd:core'], { nameEn: 'Access' }),
    object('gd:nameless', '无英文名', ['gd:core'], {}),
  ].map((one) => [one.id, one]),
);
const directory: MessageDirectory = {
  node: 'gd',
  objects,
  dependencies: createDependencyGraph(
    [...objects.values()].map(({ id, class: objectClass, dependency: { parents, rule } }) => ({
      id,
      class: objectClass,
      monitored: true,
      parents,
      rule,
      quiet: false,
      composite: false,
    })),
  ),
  divisions: new Map(),
  parties: new Map(),
};

const input = (language: 'zh' | 'en', affected: string[]): MessageInput => ({
  id: '0b6d8c0e-6a4b-8f00-9d3c-1f2e3d4c5b6a',
  step: 'opened',
  now: 10_000,
  language,
  affected: { total: affected.length, objects: affected },
  resolution: null,
  reason: null,
  warning: null,
  incident: {
    id: '6f1e2d3c-4b5a-8978-8695-a4b3c2d1e0f0',
    number: 1,
    kind: 'outage',
    cause: 'gd:core',
    state: 'open',
    severity: 'critical',
    division: 'cn.gd',
    party: null,
    class: 'backbone',
    startedAt: 5_000,
    startedEarliest: 4_000,
    startedLatest: 6_000,
    openedAt: 6_500,
    resolvedAt: null,
  },
});

describe('createMessage', () => {
  it('calls objects by their English names in English, by their own where there is none', () => {
    const { incident } = createMessage(input('en', ['gd:core', 'gd:leaf', 'gd:nameless', 'gd:retired']), directory);
    expect(incident.title).toBe('Device Provincial core down');
    expect(incident.cause.name).toBe('Provincial core');
    expect(incident.affected.objects.map(({ name }) => name)).toEqual(['Provincial core', 'Access', '无英文名', 'gd:retired']);
  });

  it('calls them by their own names in Chinese', () => {
    const { incident } = createMessage(input('zh', ['gd:core', 'gd:leaf']), directory);
    expect(incident.title).toBe('设备 省核心 中断');
    expect(incident.affected.objects.map(({ name }) => name)).toEqual(['省核心', '接入']);
  });

  it('shows the English name nowhere as a fact of its own', () => {
    expect(createMessage(input('zh', ['gd:core']), directory).incident.attributes).toEqual({ vendor: 'Huawei' });
  });

  it('says before anything else was seen down how many depend on the cause, and where it is probed', () => {
    const message = createMessage(input('en', ['gd:core']), directory);
    expect(message.incident.affected).toMatchObject({ total: 1, dependants: 2 });
    expect(message.incident.cause.addresses).toEqual(['192.0.2.1']);
    expect(mailOf(message, 'en', 'UTC').text).toContain('2 objects depend on it; failures behind it do not alarm on their own.');
  });
});

import { expect, test } from 'vitest';
import { namesOf } from './names-of.ts';

const member = { role: 'cause', joinedAt: '2026-11-22T00:00:00.000Z', leftAt: null } as const;
const radius = { objects: 1, units: 1, services: 0 };
const incident = {
  objects: [
    { ...member, id: 'bj:a', name: '核心', nameEn: 'Core' },
    { ...member, id: 'bj:gone', name: null, nameEn: null },
  ],
  blast: {
    at: member.joinedAt,
    lost: { ...radius, first: ['bj:unit'], named: [{ id: 'bj:unit', name: '某单位', nameEn: null }] },
    redundancy: { ...radius, first: ['bj:dual'], named: [{ id: 'bj:dual', name: '双归单位', nameEn: 'Dual-homed unit' }] },
  },
};

test.each([
  ['zh', ['核心', '某单位', '双归单位', undefined]],
  ['en', ['Core', '某单位', 'Dual-homed unit', undefined]],
] as const)('what an incident speaks of, in %s', (language, names) => {
  const known = namesOf(incident, language);
  expect(['bj:a', 'bj:unit', 'bj:dual', 'bj:gone'].map((id) => known.get(id))).toEqual(names);
  expect(namesOf({ objects: [], blast: null }, language).size).toBe(0);
});

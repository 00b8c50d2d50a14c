import { describe, it } from 'vitest';
import { addresses, type Case, device, expectFault, HEAD, section } from './test-helpers.ts';

const composite = (rest: string) => section('services', `{id: s, name: S, ${rest}}`);

const COMPOSITE_CASES: Case[] = [
  {
    name: 'unknown member',
    yaml: composite('combines: {any: [r1, r9x]}'),
    at: 'a.yaml:6 services[0].combines.any[1]',
    code: 'unknown-reference',
    says: /no object "r9x"/,
  },
  {
    name: 'short form',
    yaml: composite('combines: [r1]'),
    at: 'a.yaml:6 services[0].combines',
    code: 'wrong-type',
    says: /\{any: \[ids\]\}, \{all: \[ids\]\}/,
  },
  {
    name: 'no members',
    yaml: composite('combines: {any: []}'),
    at: 'a.yaml:6 services[0].combines.any',
    code: 'too-small',
    says: /at least 1/,
  },
  {
    name: 'at least too many',
    yaml: composite('combines: {atLeast: 2, of: [r1]}'),
    at: 'a.yaml:6 services[0].combines.atLeast',
    code: 'at-least-too-many',
    says: /more members.*\(1\)/,
  },
  {
    name: 'at least none',
    yaml: composite('combines: {atLeast: 0, of: [r1]}'),
    at: 'a.yaml:6 services[0].combines.atLeast',
    code: 'too-small',
    says: /at least 1|too small/,
  },
  {
    name: 'member twice',
    yaml: composite('combines: {all: [r1, r1]}'),
    at: 'a.yaml:6 services[0].combines.all[1]',
    code: 'member-twice',
    says: /twice/,
    warning: true,
  },
  {
    name: 'addresses',
    yaml: composite('combines: {any: [r1]}, addresses: {ipv4: 192.0.2.9}'),
    at: 'a.yaml:6 services[0].addresses',
    code: 'composite-with-checks',
    says: /not looked at itself/,
  },
  {
    name: 'policy',
    yaml: composite('combines: {any: [r1]}, policy: {interval: 1s}'),
    at: 'a.yaml:6 services[0].policy',
    code: 'composite-with-checks',
    says: /not looked at itself/,
  },
  {
    name: 'a device is none',
    yaml: device(`${addresses}, combines: {any: [r1]}`),
    at: 'a.yaml:4 devices[0].combines',
    code: 'unknown-key',
    says: /not known/,
  },
  {
    name: 'of itself',
    yaml: composite('combines: {any: [r1, s]}'),
    at: 'a.yaml:6 services[0].combines',
    code: 'dependency-cycle',
    says: /s → s/,
  },
  {
    name: 'of each other',
    yaml: `${device(addresses)}sites:\n  - {id: a, name: A, combines: {any: [b]}}\n  - {id: b, name: B, combines: {all: [a, r1]}}\n`,
    at: 'a.yaml:6 sites[0].combines',
    code: 'dependency-cycle',
    says: /composites and parents go round in a circle: a → b → a/,
  },
  {
    name: 'through a parent',
    yaml: `${HEAD}devices:\n  - {id: r1, name: R1, ${addresses}, parents: s}\nservices:\n  - {id: s, name: S, combines: {any: [r1]}}\n`,
    at: 'a.yaml:4 devices[0].parents',
    code: 'dependency-cycle',
    says: /r1 → s → r1/,
  },
];

describe('each fault of a composite says where it is, what was found and what was expected', () => {
  it.each(COMPOSITE_CASES)('$name', expectFault);
});

import { DELIVERY_STATES } from '@beacontower/contracts';
import { expect, it } from 'vitest';
import { addressOf, filterOf, STATES } from './delivery-filter.ts';

const NONE = { state: null, channel: null, contact: null, incident: null };

it('has a choice for every state there is', () => {
  expect([...STATES].sort()).toEqual([...DELIVERY_STATES].sort());
});

it('comes back from its address', () => {
  const filter = { state: 'dead', channel: 'mail', contact: 'gd-noc', incident: '3f9c2f5e-0000-4000-8000-000000000000' } as const;
  expect(filterOf(addressOf(filter))).toEqual(filter);
  expect(addressOf(NONE).toString()).toBe('');
});

it.each(['state=lost', 'incident=7', 'channel=', 'other=1'])('leaves out %s', (address) => {
  expect(filterOf(new URLSearchParams(address))).toEqual(NONE);
});

import { describe, expect, it } from 'vitest';
import { canonical } from './sockets.ts';

describe('an address', () => {
  it.each([
    ['192.0.2.1', { address: '192.0.2.1', family: 4 }],
    ['2001:DB8:0:0::1', { address: '2001:db8::1', family: 6 }],
    ['0:0:0:0:0:0:0:1', { address: '::1', family: 6 }],
    ['FE80::1%eth0', { address: 'fe80::1%eth0', family: 6 }],
    ['::ffff:192.0.2.1', { address: '192.0.2.1', family: 4 }],
  ])('%s is written as the system writes it', (text, expected) => expect(canonical(text)).toEqual(expected));

  it.each(['', 'router.example', '192.0.2', '192.0.2.1%eth0', '192.0.2.256', '2001:db8::1::2'])('%s is none', (text) => {
    expect(canonical(text)).toBeNull();
  });
});

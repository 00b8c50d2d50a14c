import fc from 'fast-check';
import { expect, it } from 'vitest';
import { localTarget } from './local-target.ts';

it.each([
  ['http://localhost/', 'loopback'],
  ['http://LOCALHOST./', 'loopback'],
  ['http://hooks.localhost:9000/', 'loopback'],
  ['http://localhost.localdomain/', 'loopback'],
  ['http://ip6-localhost/', 'loopback'],
  ['http://127.0.0.1/', 'loopback'],
  ['http://127.8.8.8:80/', 'loopback'],
  // What a URL makes of an address that is written otherwise.
  ['http://127.1/', 'loopback'],
  ['http://2130706433/', 'loopback'],
  ['http://0x7f.0.0.1/', 'loopback'],
  ['http://0177.0.0.1/', 'loopback'],
  ['http://[::1]/', 'loopback'],
  ['http://[0:0:0:0:0:0:0:1]/', 'loopback'],
  ['http://[::ffff:127.0.0.1]/', 'loopback'],
  ['http://[::ffff:7f00:1]/', 'loopback'],
  ['http://[64:ff9b::127.0.0.1]/', 'loopback'],
  ['http://[64:ff9b:1::127.0.0.1]/', 'loopback'],
  ['http://[2002:7f00:1::]/', 'loopback'],
  ['http://[::127.0.0.1]/', 'loopback'],
  ['http://0.0.0.0/', 'unspecified'],
  ['http://0/', 'unspecified'],
  ['http://[::]/', 'unspecified'],
  ['http://[::ffff:0.0.0.0]/', 'unspecified'],
  ['http://169.254.1.1/', 'link-local'],
  ['http://[fe80::1]/', 'link-local'],
  ['http://[::ffff:169.254.7.7]/', 'link-local'],
  ['http://169.254.169.254/latest/meta-data/', 'metadata'],
  ['http://[::ffff:169.254.169.254]/', 'metadata'],
  ['http://[64:ff9b::a9fe:a9fe]/', 'metadata'],
  ['http://100.100.100.200/', 'metadata'],
  ['http://168.63.129.16/', 'metadata'],
  ['http://192.0.0.192/', 'metadata'],
  ['http://[fd00:ec2::254]/', 'metadata'],
  ['http://[fd20:ce::254]/', 'metadata'],
  ['http://[fd00:42::42]/', 'metadata'],
  ['http://[::ffff:0:127.0.0.1]/', 'loopback'],
  ['http://①②⑦.0.0.1/', 'loopback'],
  ['http://metadata.google.internal/', 'metadata'],
  ['http://metadata.tencentyun.com/', 'metadata'],
  ['http://metadata/', 'metadata'],
  ['https://qyapi.weixin.qq.com/', null],
  ['https://localhost.example.cn/', null],
  ['https://metadata.example.cn/', null],
  ['http://10.1.2.3/', null],
  ['http://192.168.1.1/', null],
  ['http://[2001:db8::1]/', null],
  ['http://[fd00::1]/', null],
  ['http://[::ffff:192.0.2.1]/', null],
  ['http://[2002:c000:201::]/', null],
])('%s is %s', (url, expected) => {
  expect(localTarget(new URL(url).hostname)).toBe(expected);
});

it('takes an address as a resolver writes it', () => {
  expect(localTarget('fe80::1%eth0')).toBe('link-local');
  expect(localTarget('::1')).toBe('loopback');
});

it('judges every address of the loopback net alike, however IPv6 carries it, and never throws', () => {
  fc.assert(
    fc.property(fc.nat(0xffffff), (rest) => {
      const four = [127, rest >> 16, (rest >> 8) & 255, rest & 255].join('.');
      for (const form of [four, `::ffff:${four}`, `64:ff9b::${four}`]) expect(localTarget(form)).toBe('loopback');
    }),
  );
  fc.assert(fc.property(fc.string(), (host) => [null, 'loopback', 'link-local', 'metadata', 'unspecified'].includes(localTarget(host))));
});

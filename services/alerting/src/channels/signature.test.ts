import { verifySignature } from '@beacontower/testing';
import { describe, expect, it } from 'vitest';
import { signatureOf } from './signature.ts';

describe('signatureOf', () => {
  const body = '{"title":"电路 中断"}';

  it('is what an independent receiver computes, over the time and the body', () => {
    const header = signatureOf(body, 'key', 1_795_315_229_646);
    expect(header).toMatch(/^t=1795315229,v1=[0-9a-f]{64}$/);
    expect(verifySignature(header, body, 'key')).toBe('valid');
    expect(verifySignature(header, `${body} `, 'key')).toBe('wrong');
    expect(verifySignature(header, body, 'other')).toBe('wrong');
    expect(verifySignature(header.replace('t=1795315229', 't=1795315230'), body, 'key')).toBe('wrong');
  });

  // Computed with: printf '%s' '1.{}' | openssl dgst -sha256 -hmac key
  it('agrees with openssl', () => {
    expect(signatureOf('{}', 'key', 1_000)).toBe('t=1,v1=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224');
  });
});

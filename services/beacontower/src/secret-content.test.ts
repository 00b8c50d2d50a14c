import { describe, expect, it } from 'vitest';
import { unfitSecret } from './secret-content.ts';

const KEY = 'hunter2-never-shown';

describe('the address of a robot', () => {
  const judge = (value: string, allowLocal = false) => unfitSecret(value, { what: 'web-address', allowLocal }, 'ROBOT_URL');
  it.each([
    [`https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${KEY}`, false, null],
    [`http://127.0.0.1:9/?key=${KEY}`, true, null],
    [KEY, false, 'secret-not-a-url'],
    [`ftp://x.cn/${KEY}`, false, 'secret-not-a-url'],
    [`http://127.0.0.1:9/?key=${KEY}`, false, 'local-target'],
    [`http://[::ffff:7f00:1]/${KEY}`, false, 'local-target'],
    [`http://metadata.google.internal/${KEY}`, false, 'local-target'],
  ])('%s (allowLocal %s) is %s, and not repeated', (value, allowLocal, code) => {
    const trouble = judge(value, allowLocal);
    expect(trouble?.code ?? null).toBe(code);
    expect(JSON.stringify(trouble)).not.toContain(KEY);
    if (trouble !== null) expect(`${trouble.severity} ${trouble.cause.en}`).toMatch(/^error .*ROBOT_URL/);
  });
});

it.each(['', KEY, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])('%j is no certificate', (value) => {
  const trouble = unfitSecret(value, { what: 'certificates' }, '/etc/ca.pem');
  expect(trouble).toMatchObject({ severity: 'error', code: 'secret-not-certificates' });
  expect(JSON.stringify(trouble)).not.toContain(KEY);
});

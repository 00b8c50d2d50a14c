import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { backoffMs } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import { ENTITY_SCHEMAS } from '../entities.ts';
import { load, MAIL, section } from './test-helpers.ts';

function channel(item: string) {
  const loaded = load(section('channels', item));
  const entity = loaded.configuration?.entities.find((candidate) => candidate.entity === 'channel');
  return ENTITY_SCHEMAS.channel.parse(entity?.body);
}
const WEBHOOK = 'id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}';

describe('a channel that does not say', () => {
  it.each([`{${WEBHOOK}}`, `{${MAIL}}`])('%s goes on for about six hours before its message is a dead letter', (item) => {
    const { maxAttempts } = channel(item);
    const hours = Array.from({ length: maxAttempts - 1 }, (_, i) => backoffMs(i + 1, 0.5)).reduce((sum, ms) => sum + ms, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(5.5);
    expect(hours).toBeLessThan(7);
  });

  it('may be told to go on for longer', () => {
    expect(channel(`{${WEBHOOK}, maxAttempts: 1000}`).maxAttempts).toBe(1000);
  });

  it.each(['configuration-telling.md', 'configuration-telling.zh-CN.md'])('%s gives the defaults that hold', async (name) => {
    const words = await readFile(fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url)), 'utf8');
    const defaultOf = (key: string) => new RegExp(`^\\| \`${key}\` \\|.*\\| ([^|]+) \\|$`, 'm').exec(words)?.[1];
    const [hook, mail] = [channel(`{${WEBHOOK}}`), channel(`{${MAIL}}`)];
    expect(defaultOf('maxAttempts')).toBe(String(hook.maxAttempts));
    expect(defaultOf('timeout')).toBe(`${hook.timeoutMs / 1_000}s, email ${mail.timeoutMs / 1_000}s`);
    if (mail.kind !== 'email') throw new Error('not an e-mail channel');
    expect(defaultOf('inDoubt')).toBe(mail.inDoubt);
    expect(defaultOf('tls')).toBe(mail.tls);
    const port = (tls: string) => channel(`{${MAIL.replace('mail.example.cn', 'localhost')}, tls: ${tls}}`);
    const ports = ['starttls', 'implicit', 'none'].map(port).map((one) => (one.kind === 'email' ? one.port : 0));
    expect(defaultOf('port')).toBe(`starttls ${ports[0]}, implicit ${ports[1]}, none ${ports[2]}`);
  });
});

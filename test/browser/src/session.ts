import { CSRF_HEADER, type SessionView } from '@beacontower/contracts';
import type { BrowserContext } from 'playwright-core';
import { totp } from './totp.ts';

const PASSWORD = 'Lantern-tower-42';

/**
 * Takes an account from its one-time password to a session that opens everything, without a browser: what pages of it are looked at
 * for is not how they were reached. Resolves with the cookie, as `name=value`.
 */
export async function openSession(url: string, name: string, once: string): Promise<string> {
  let cookie = '';
  let csrf = '';
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api/v1/session${path}`, {
      method,
      headers: { origin: url, cookie, [CSRF_HEADER]: csrf, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} session${path}: ${answer.status} ${await answer.text()}`);
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return answer.status === 204 ? undefined : ((await answer.json()) as unknown);
  };
  const look = async () => {
    const session = (await ask('GET', '')) as SessionView;
    csrf = session.csrf ?? '';
    return session.stage;
  };
  await ask('POST', '', { name, password: once });
  if ((await look()) === 'change-password') await ask('POST', '/password', { current: once, next: PASSWORD });
  if ((await look()) === 'enrol') {
    const { secret } = (await ask('POST', '/second-factor/setup', {})) as { secret: string };
    await ask('POST', '/second-factor/confirm', { code: totp(secret, Date.now()) });
  }
  const stage = await look();
  if (stage !== 'full') throw new Error(`the session of ${name} is at "${stage}"`);
  return cookie;
}

/** Puts such a cookie into a browser. */
export async function useSession(context: BrowserContext, url: string, cookie: string): Promise<void> {
  const at = cookie.indexOf('=');
  await context.addCookies([{ name: cookie.slice(0, at), value: cookie.slice(at + 1), url }]);
}

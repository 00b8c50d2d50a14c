/** Somebody to sign in to the console as: the duty manager of the first start, with a password of this run. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A name and the password that opens it, while the demonstration runs. */
export interface DemoPerson {
  readonly name: string;
  readonly password: string;
}

const NAME = 'duty';
const WAIT_MS = 30_000;
const AGAIN_MS = 200;

/** Changes the one-time password of the first start, as a person would; null: the node gave nobody one. */
export async function signInFirst(url: string, dataDirectory: string): Promise<DemoPerson | null> {
  const file = join(dataDirectory, 'first-sign-in.txt');
  for (const end = performance.now() + WAIT_MS; !existsSync(file); await sleep(AGAIN_MS)) if (performance.now() > end) return null;
  const first = new RegExp(`^${NAME} +(\\S+)`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  const signedIn = await ask(`${url}/api/v1/session`, { name: NAME, password: first });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { csrf } = (await signedIn.json()) as { readonly csrf: string };
  // Three classes of characters, whatever chance brings.
  const password = `Lamp-7-${randomBytes(9).toString('base64url')}`;
  await ask(`${url}/api/v1/session/password`, { current: first, next: password }, { cookie, 'x-beacontower-csrf': csrf });
  return { name: NAME, password };
}

async function ask(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the first sign-in failed: ${answer.status}`);
  return answer;
}

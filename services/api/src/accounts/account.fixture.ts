/** For the tests of accounts: people with a password, browsers that signed in, and codes of their telephones. */
import { randomUUID } from 'node:crypto';
import { CSRF_HEADER, type RoleName, type SessionView } from '@beacontower/contracts';
import { insertAccount, Passwords, setAccount } from '@beacontower/database';
import type { InjectOptions } from 'fastify';
import { Secret, TOTP } from 'otpauth';
import type { App } from '../context.ts';
import type { Harness } from '../test-harness.ts';

/** The password of everybody in the tests. */
export const PASSWORD = 'correct-Horse-7-battery';
const passwords = new Passwords();
let hash: Promise<string> | undefined;

/** Makes an account that signs in by `PASSWORD`; its id. */
export async function makeAccount(
  { database, clock }: Harness,
  name: string,
  rights: { readonly roles?: RoleName[]; readonly divisions?: string[] } = {},
  more: Parameters<typeof setAccount>[2] = {},
): Promise<string> {
  const id = randomUUID();
  const now = clock.now();
  const account = {
    id,
    name,
    displayName: `Person ${name.length}`,
    roles: rights.roles ?? ['operator'],
    divisions: rights.divisions ?? [''],
  };
  await insertAccount(database, account, { actor: 'test', now });
  hash ??= passwords.hash(PASSWORD);
  await setAccount(database, id, { passwordHash: await hash, passwordSetAt: now, ...more });
  return id;
}

/** What an answer may hold that tests look at; each knows which of it there is. */
export interface Said {
  readonly id: string;
  readonly code: string;
  readonly detail: string;
  readonly stage: string;
  readonly csrf: unknown;
  readonly uri: string;
  readonly secret: string;
  readonly codes: string[];
  readonly password: string;
  readonly state: string;
  readonly revision: number;
  readonly errors: { readonly path: string; readonly expected: string }[];
  readonly items: { readonly id: string; readonly name: string; readonly current: boolean }[];
}

/** A browser: it keeps its cookie, and sends the token of its session with what it changes. */
export class Browser {
  readonly #app: App;
  cookie = '';
  csrf = '';

  constructor(app: App) {
    this.#app = app;
  }

  async ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    payload?: InjectOptions['payload'],
    headers: Record<string, string> = {},
  ) {
    const answer = await this.#app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...(this.cookie === '' ? {} : { cookie: this.cookie }), [CSRF_HEADER]: this.csrf, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    const cookie = answer.headers['set-cookie'];
    if (typeof cookie === 'string') this.cookie = cookie.split(';')[0] ?? '';
    const body = answer.body.startsWith('{') ? (answer.json() as Said) : ({} as Said);
    if (typeof body.csrf === 'string') this.csrf = body.csrf;
    return { status: answer.statusCode, body, headers: answer.headers };
  }

  /** Signs in; the view of the session. */
  async signIn(name: string, password = PASSWORD): Promise<SessionView> {
    const { status, body } = await this.ask('POST', '/session', { name, password });
    if (status !== 201) throw new Error(`${name} was not signed in: ${JSON.stringify(body)}`);
    return body as unknown as SessionView;
  }
}

/** The code of a moment. */
export function codeAt(secret: string, at: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });
}

/** Rows of the audit with an action, oldest first. */
export async function auditOf({ database }: Harness, action: string) {
  const result = await database.query<{ actor: string; result: string; object: string; detail: Record<string, unknown> }>(
    'SELECT actor, result, object, detail FROM audit WHERE action = $1 ORDER BY id',
    [action],
  );
  return result.rows;
}

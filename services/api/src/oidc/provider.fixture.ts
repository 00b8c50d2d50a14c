/** A real identity provider (oidc-provider) for the tests, and a browser that goes there. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** Whom the provider takes the browser's person for. */
export interface Person {
  readonly sub: string;
  readonly claims?: Record<string, unknown>;
  readonly amr?: string[];
  readonly acr?: string;
}

export interface TestProvider {
  readonly issuer: string;
  /** Who signs in there next; null: nobody, they give up. */
  person: Person | null;
  /** Follows the way of a browser from one address until it is sent back to the node; returns that address. */
  visit(url: string): Promise<URL>;
  close(): Promise<void>;
}

export const CLIENT_ID = 'beacontower';
export const CLIENT_SECRET = 'a-secret-of-the-tests-that-nobody-knows';

/** Starts a provider that knows one client, which comes back to `publicUrl`. */
export async function startProvider(publicUrl: string): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const held: { person: Person | null } = { person: null };
  const provider = makeProvider(issuer, publicUrl, held);
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    const { person } = held;
    const result =
      person === null
        ? { error: 'access_denied' }
        : { login: { accountId: person.sub, ...(person.amr && { amr: person.amr }), ...(person.acr && { acr: person.acr }) } };
    void provider.interactionFinished(request, response, result);
  });
  return {
    issuer,
    get person() {
      return held.person;
    },
    set person(person) {
      held.person = person;
    },
    visit: (url) => visit(url, publicUrl),
    close: () => closeServer(server),
  };
}

function makeProvider(issuer: string, publicUrl: string, held: { person: Person | null }): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [`${publicUrl}/api/v1/session/oidc/callback`],
        post_logout_redirect_uris: [`${publicUrl}/sign-in`],
      },
    ],
    cookies: { keys: ['of the tests'] },
    claims: { openid: ['sub', 'acr', 'amr'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    acrValues: ['urn:two'],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, ...held.person?.claims }) }),
    // Whoever signs in agrees.
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
}

async function visit(start: string, publicUrl: string): Promise<URL> {
  const cookies = new Map<string, string>();
  for (let url = start, steps = 0; steps < 20; steps++) {
    if (url.startsWith(publicUrl)) return new URL(url);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const [name = '', ...value] = pair.split('=');
      cookies.set(name, value.join('='));
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
    url = new URL(location, url).href;
  }
  throw new Error('the browser was sent round in circles');
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

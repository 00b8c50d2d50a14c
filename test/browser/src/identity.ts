/** A real identity provider (oidc-provider) with pages of its own, in which a browser signs in. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface IdentityProvider {
  /** What the node's environment says of it. */
  environment(publicUrl: string): Record<string, string>;
  close(): Promise<void>;
}

const CLIENT_ID = 'beacontower';
const CLIENT_SECRET = 'a-secret-of-the-tests-that-nobody-knows';
/** What people call it. */
export const PROVIDER_NAME = '政务统一身份认证';

/** Starts one on loopback. Anybody it is told the name of is let in, by any password. */
export async function startIdentityProvider(publicUrl: string): Promise<IdentityProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [`${publicUrl}/api/v1/session/oidc/callback`],
        post_logout_redirect_uris: [`${publicUrl}/sign-in`],
      },
    ],
    cookies: { keys: ['of the tests'] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, preferred_username: sub, name: sub }) }),
  });
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    environment: (url) => ({
      BEACONTOWER_PUBLIC_URL: url,
      BEACONTOWER_OIDC_ISSUER: issuer,
      BEACONTOWER_OIDC_CLIENT_ID: CLIENT_ID,
      BEACONTOWER_OIDC_CLIENT_SECRET: CLIENT_SECRET,
      BEACONTOWER_OIDC_NAME: PROVIDER_NAME,
    }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

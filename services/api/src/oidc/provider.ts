/** The identity provider: the only file that knows the package which speaks with it. */
import { isIP } from 'node:net';
import { UNSEEN } from '@beacontower/contracts';
import type { OidcSettings } from '@beacontower/runtime';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  None,
} from 'openid-client';

/** What a browser takes along, and what has to come back with it. */
export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Whom the provider says somebody is. */
export interface Identity {
  readonly issuer: string;
  /** Never another person's, whatever changes. */
  readonly subject: string;
  /** What the account is to be named after; null: the provider does not say. */
  readonly name: string | null;
  readonly displayName: string | null;
  readonly email: string | null;
  /** A second factor was given there, as far as its word is taken for it. */
  readonly secondFactorGiven: boolean;
}

/** Why nobody came in. */
export class OidcRefused extends Error {
  readonly code: 'provider-unreachable' | 'provider-refused' | 'answer-not-valid';
  constructor(code: OidcRefused['code'], cause: unknown) {
    super(`identity provider: ${code}`, { cause });
    this.name = 'OidcRefused';
    this.code = code;
  }
}

const CALLBACK = '/api/v1/session/oidc/callback';
const SIGNED_OUT = '/sign-in';
const ASK_S = 10;

/** Speaks OpenID Connect with one provider: authorization code with PKCE, state and nonce. Asks for its metadata when first needed. */
export class OidcProvider {
  readonly #settings: OidcSettings;
  #configuration: Promise<Configuration> | undefined;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
  }

  /** Where to send the browser. `again`: the provider asks who it is, even of one whom it knows already. */
  async authorizationUrl({ state, nonce, verifier }: FlowSecrets, again: boolean): Promise<string> {
    const configuration = await this.#discovered();
    const { secondFactor } = this.#settings;
    const acr = secondFactor.filter(({ claim }) => claim === 'acr').map(({ value }) => value);
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.#address(CALLBACK),
      scope: 'openid profile email',
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...(acr.length === 0 ? {} : { acr_values: acr.join(' ') }),
      ...(again ? { prompt: 'login' } : {}),
    });
    return url.href;
  }

  /** Who came back. `query`: what the browser brought, as it stands. Throws an `OidcRefused`. */
  async identify(query: string, { state, nonce, verifier }: FlowSecrets): Promise<Identity> {
    const configuration = await this.#discovered();
    const current = new URL(`${this.#address(CALLBACK)}${query}`);
    if (current.searchParams.has('error')) throw new OidcRefused('provider-refused', current.searchParams.get('error'));
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const claims = await authorizationCodeGrant(configuration, current, checks).then(
      (answer) => answer.claims(),
      (error: unknown) => {
        throw new OidcRefused(isTransport(error) ? 'provider-unreachable' : 'answer-not-valid', error);
      },
    );
    if (claims === undefined) throw new OidcRefused('answer-not-valid', 'no id_token');
    return {
      issuer: claims.iss,
      subject: claims.sub,
      name: textOf(claims[this.#settings.nameClaim]),
      displayName: textOf(claims.name),
      email: textOf(claims.email),
      secondFactorGiven: this.#settings.secondFactor.some(({ claim, value }) => [claims[claim]].flat().includes(value)),
    };
  }

  /** Where the browser signs out of the provider too; null: it has no such place. */
  async endUrl(): Promise<string | null> {
    const configuration = await this.#discovered();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    return buildEndSessionUrl(configuration, { post_logout_redirect_uri: this.#address(SIGNED_OUT) }).href;
  }

  #address(path: string): string {
    return `${this.#settings.publicUrl}${path}`;
  }

  // One question at a time; a failure is not kept.
  #discovered(): Promise<Configuration> {
    this.#configuration ??= this.#discover().catch((error: unknown) => {
      this.#configuration = undefined;
      throw new OidcRefused('provider-unreachable', error);
    });
    return this.#configuration;
  }

  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const server = new URL(issuer);
    const authentication = clientSecret === null ? None() : ClientSecretBasic(clientSecret);
    // Clear HTTP to a provider on this very machine alone.
    const execute = server.protocol === 'http:' && isLoopbackName(server.hostname) ? [allowInsecureRequests] : [];
    return discovery(server, clientId, {}, authentication, { execute, timeout: ASK_S });
  }
}

const UNSTORED = new RegExp(`\\p{Cs}|${UNSEEN.source}`, 'gu');

function textOf(claim: unknown): string | null {
  if (typeof claim !== 'string') return null;
  // People may call themselves there as they like; NUL could not even be stored.
  const seen = claim.replaceAll(UNSTORED, ' ').trim();
  return seen === '' ? null : seen;
}

function isTransport(error: unknown): boolean {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return error instanceof TypeError || name === 'TimeoutError' || code === 'OAUTH_TIMEOUT';
}

function isLoopbackName(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

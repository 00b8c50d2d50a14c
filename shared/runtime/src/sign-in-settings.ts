/** What of the environment is about certificates and the identity provider. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** A claim of the identity provider that stands for a second factor given there. */
export interface SecondFactorClaim {
  readonly claim: 'acr' | 'amr';
  readonly value: string;
}

/** The identity provider that people may sign in by (OpenID Connect). */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a client without a secret, known by PKCE alone. Never logged. */
  readonly clientSecret: string | null;
  /** What people call it. */
  readonly name: string;
  /** The claim that a new account is named after. */
  readonly nameClaim: string;
  /** One of them stands for the second factor; none: the provider's word is not taken for it. */
  readonly secondFactor: readonly SecondFactorClaim[];
  /** Where browsers reach this node, without a slash at the end. */
  readonly publicUrl: string;
}

/** Files of the certificate (with its chain) and of its key, PEM. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

const secondFactor = z.string().transform((text, context): SecondFactorClaim[] => {
  const claims = text.split(',').map((part) => /^(acr|amr):(\S{1,200})$/.exec(part.trim()));
  const found = claims.flatMap((match): SecondFactorClaim[] =>
    match ? [{ claim: match[1] as 'acr' | 'amr', value: match[2] ?? '' }] : [],
  );
  if (found.length === claims.length) return found;
  context.addIssue({ code: 'custom', message: `expected values of acr or amr such as amr:mfa,acr:urn:example:two-factor, got "${text}"` });
  return z.NEVER;
});

const networks = z.string().transform((text, context): string[] => {
  const found = text.split(',').map((part) => part.trim());
  const wrong = found.find((part) => {
    const [address = '', length, ...more] = part.split('/');
    const bits = isIP(address) === 6 ? 128 : 32;
    return isIP(address) === 0 || more.length > 0 || (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits));
  });
  if (wrong === undefined) return found;
  context.addIssue({ code: 'custom', message: `expected addresses or networks such as 10.0.0.7,2001:db8::/64, got "${wrong}"` });
  return z.NEVER;
});

/** The variables, for the one schema of all; `url` checks addresses. */
export function signInVariables(url: z.ZodType<string>) {
  return {
    BEACONTOWER_PUBLIC_URL: url.optional(),
    BEACONTOWER_ALLOW_HTTP: z.enum(['0', '1'], 'expected 1 (a laboratory) or 0').optional(),
    BEACONTOWER_TRUSTED_PROXIES: networks.optional(),
    BEACONTOWER_TLS_CERT_FILE: z.string().optional(),
    BEACONTOWER_TLS_KEY_FILE: z.string().optional(),
    BEACONTOWER_OIDC_ISSUER: url.optional(),
    BEACONTOWER_OIDC_CLIENT_ID: z.string().optional(),
    BEACONTOWER_OIDC_CLIENT_SECRET: z.string().optional(),
    BEACONTOWER_OIDC_NAME: z.string().max(60).optional(),
    BEACONTOWER_OIDC_NAME_CLAIM: z
      .string()
      .regex(/^[\w.:/-]{1,100}$/, 'expected the name of a claim such as preferred_username')
      .optional(),
    BEACONTOWER_OIDC_SECOND_FACTOR: secondFactor.optional(),
  };
}

type Values = { readonly [K in keyof ReturnType<typeof signInVariables>]?: z.infer<ReturnType<typeof signInVariables>[K]> };

/** The files of a certificate; null: none; or what is wrong, in words. */
export function tlsOf({ BEACONTOWER_TLS_CERT_FILE: certFile, BEACONTOWER_TLS_KEY_FILE: keyFile }: Values): TlsFiles | null | string {
  if (certFile === undefined && keyFile === undefined) return null;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  return 'BEACONTOWER_TLS_CERT_FILE and BEACONTOWER_TLS_KEY_FILE go together: set both or neither';
}

/** The identity provider; null: none; or what is wrong, in words. */
export function oidcOf(values: Values): OidcSettings | null | string {
  const { BEACONTOWER_OIDC_ISSUER: issuer, BEACONTOWER_OIDC_CLIENT_ID: clientId, BEACONTOWER_PUBLIC_URL: publicUrl } = values;
  if (issuer === undefined && clientId === undefined) return null;
  if (issuer === undefined || clientId === undefined || publicUrl === undefined)
    return 'signing in by OIDC needs BEACONTOWER_OIDC_ISSUER, BEACONTOWER_OIDC_CLIENT_ID and BEACONTOWER_PUBLIC_URL (where browsers reach this node)';
  return {
    issuer,
    clientId,
    clientSecret: values.BEACONTOWER_OIDC_CLIENT_SECRET ?? null,
    name: values.BEACONTOWER_OIDC_NAME ?? new URL(issuer).host,
    nameClaim: values.BEACONTOWER_OIDC_NAME_CLAIM ?? 'preferred_username',
    secondFactor: values.BEACONTOWER_OIDC_SECOND_FACTOR ?? [],
    publicUrl: publicUrl.replace(/\/+$/, ''),
  };
}

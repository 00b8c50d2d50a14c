import { ParentRefused, ParentUnclear } from '../uplink/client.ts';

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there, or a firewall is between',
  ENOTFOUND: 'the name is not known here',
  EAI_AGAIN: 'names cannot be looked up here',
  ETIMEDOUT: 'no answer',
  UND_ERR_CONNECT_TIMEOUT: 'no answer within 10 s',
  UND_ERR_HEADERS_TIMEOUT: 'no answer within 30 s',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate does not name this address: BEACONTOWER_FEDERATION_NAMES there has to',
  CERT_NOT_YET_VALID: 'its certificate is not good yet: the clock here is wrong',
  CERT_HAS_EXPIRED: 'its certificate has expired, or the clock here is wrong',
};

/** What a call to the node above failed of, in words for people, without anything secret. */
export function inWords(error: unknown): string {
  if (error instanceof ParentRefused) return `the node above refuses (${error.code}): ${error.message}`;
  if (error instanceof ParentUnclear) return error.message;
  const { code = '' } = error as { code?: string };
  return `the node above is not reached: ${CAUSES[code] ?? (code === '' ? 'the connection failed' : code)}`;
}

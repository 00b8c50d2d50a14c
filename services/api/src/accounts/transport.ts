import type { FastifyRequest } from 'fastify';
import type { ApiConfig } from '../config.ts';
import { ApiProblem } from '../http/problem.ts';
import { isLoopback } from './networks.ts';

const REASON =
  'passwords are not taken over clear HTTP from another host: give the node a certificate (BEACONTOWER_TLS_CERT_FILE, BEACONTOWER_TLS_KEY_FILE), or put a gateway with HTTPS before it and name its network in BEACONTOWER_TRUSTED_PROXIES';

/** Why no password may be sent over this connection; null: it may. */
export function whyNotHere(
  { protocol, ip }: Pick<FastifyRequest, 'protocol' | 'ip'>,
  { allowHttp }: Pick<ApiConfig, 'allowHttp'>,
): string | null {
  return protocol === 'https' || isLoopback(ip) || allowHttp ? null : REASON;
}

/** Refuses what holds a password or a token over a connection that others can read. */
export function checkTransport(request: FastifyRequest, config: ApiConfig): void {
  const reason = whyNotHere(request, config);
  if (reason !== null) throw new ApiProblem(403, 'https-needed', reason);
}

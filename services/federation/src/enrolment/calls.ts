/** The calls by which a node is let in and stays in. */
import { type About, CAPABILITIES, FEDERATION_CODE_NAMES, FEDERATION_PATH, PROTOCOL_VERSIONS } from '@beacontower/contracts';
import type { FastifyInstance } from 'fastify';
import { fingerprintOf } from '../certificates/x509.ts';
import type { CallContext } from '../inbox/listener.ts';
import { registerAsking } from './ask.ts';
import type { Issuer } from './issue.ts';
import { registerRenewals } from './renew.ts';

export function registerEnrolment(app: FastifyInstance, context: CallContext, issuer: Issuer): void {
  const authority = fingerprintOf(issuer.authority.certificate);
  app.get(`${FEDERATION_PATH}/about`, { config: { open: true } }, async (): Promise<About> => {
    return {
      node: context.node,
      protocols: [...PROTOCOL_VERSIONS],
      capabilities: [...CAPABILITIES],
      software: issuer.software,
      authority,
      time: context.clock.now(),
      codes: [...FEDERATION_CODE_NAMES],
    };
  });
  registerAsking(app, context, issuer);
  registerRenewals(app, context, issuer);
}

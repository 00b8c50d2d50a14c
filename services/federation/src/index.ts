export { authorityOf } from './certificates/authority.ts';
export { checkRequest, issueToNode, makeKeys, makeRequest } from './certificates/x509.ts';
export { createFederation, type FederationDependencies } from './federation-role.ts';
export { CHAIN_BEGIN, type ChainEnd, chainOn, type Said } from './protocol/chain.ts';
export { type ParentAddress, ParentClient } from './uplink/client.ts';
export { createUplink, UPLINK_KEY_CONTEXT, type UplinkDependencies } from './uplink-role.ts';

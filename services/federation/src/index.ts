export { authorityOf } from './certificates/authority.ts';
export { checkRequest, issueToNode, makeKeys, makeRequest } from './certificates/x509.ts';
export { type JoinDependencies, type JoinState, joinParent, lookAtRequest, UPLINK_KEY_CONTEXT } from './enrolment/join.ts';
export { createFederation, type FederationDependencies } from './federation-role.ts';
export { CHAIN_BEGIN, type ChainEnd, chainOn, type Said } from './protocol/chain.ts';
export { type ParentAddress, ParentClient } from './uplink/client.ts';
export { createUplink, type UplinkDependencies, type UplinkPartDependencies } from './uplink-role.ts';

export { createFederation, type FederationDependencies } from './federation-role.ts';
export { createUplink, UPLINK_KEY_CONTEXT, type UplinkDependencies } from './uplink-role.ts';

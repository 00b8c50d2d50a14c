export * from './agents.ts';
export type { AgentInterface, AgentMutators } from './device.ts';
export type { AgentDeviceOptions, AgentSystem, InterfaceOptions } from './device-options.ts';
export type { Hostility } from './hostility.ts';
export type { InterfaceStatus } from './interface-table.ts';
export { formatRecording } from './recording.ts';
export * from './server.ts';
export { AGENT_COUNTERS, type AgentCounter, type TrafficProfile } from './traffic.ts';

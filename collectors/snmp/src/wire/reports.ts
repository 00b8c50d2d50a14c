import type { Failure } from './port.ts';

/** What an agent reports instead of an answer (RFC 3412, 3414), by the OID of the counter in the report. */
export const REPORT = {
  notInTimeWindow: '1.3.6.1.6.3.15.1.1.2.0',
  unknownEngine: '1.3.6.1.6.3.15.1.1.4.0',
} as const;

const MEANING: Readonly<Record<string, readonly [Failure, string]>> = {
  '1.3.6.1.6.3.15.1.1.1.0': [
    'unsupported-security',
    'the agent does not let this user ask at this security level (usmStatsUnsupportedSecLevels)',
  ],
  [REPORT.notInTimeWindow]: ['not-in-time-window', "the agent's clock and what it says of it do not agree (usmStatsNotInTimeWindows)"],
  '1.3.6.1.6.3.15.1.1.3.0': ['unknown-user', 'the agent does not know this user (usmStatsUnknownUserNames)'],
  [REPORT.unknownEngine]: ['refused', 'the agent does not know its own engine id (usmStatsUnknownEngineIDs)'],
  '1.3.6.1.6.3.15.1.1.5.0': [
    'wrong-key',
    'the agent finds the digest wrong: another authentication password or protocol (usmStatsWrongDigests)',
  ],
  '1.3.6.1.6.3.15.1.1.6.0': ['wrong-key', 'the agent cannot decrypt: another privacy password or protocol (usmStatsDecryptionErrors)'],
  '1.3.6.1.6.3.11.2.1.1.0': ['unsupported-security', 'the agent does not know the user-based security model (snmpUnknownSecurityModels)'],
  '1.3.6.1.6.3.11.2.1.2.0': ['malformed', 'the agent finds our message invalid (snmpInvalidMsgs)'],
  '1.3.6.1.6.3.11.2.1.3.0': ['refused', 'the agent cannot handle such a request (snmpUnknownPDUHandlers)'],
  '1.3.6.1.6.3.12.1.4.0': ['unsupported-security', 'the context is not available at the agent (snmpUnavailableContexts)'],
  '1.3.6.1.6.3.12.1.5.0': ['unsupported-security', 'the agent does not know the context (snmpUnknownContexts)'],
};

/** What to make of a report. */
export function meaningOf(oid: string): { readonly failure: Failure; readonly text: string } {
  const [failure, text] = MEANING[oid] ?? ['refused', `the agent reported ${oid}`];
  return { failure, text };
}

export { WEEKDAYS } from './calendar-schema.ts';
export type { SecretHolds, SecretUse } from './channel-secrets.ts';
export { type CredentialDraft, LEAST_KEY_LENGTH, type SecretPart, type SnmpSecretDraft } from './credentials.ts';
export { spanText } from './dates.ts';
export type { SourceFile } from './document.ts';
export { compareFaults, describeFault, type Fault, type Language, type Place, type Text, text } from './fault.ts';
export { type FilesRead, readConfigurationFiles, readShippedHolidays } from './files.ts';
export { type Configuration, type LoadedConfiguration, type LoadOptions, loadConfiguration } from './load.ts';
export { type LocalTarget, localTarget } from './local-target.ts';
export { roundFits, roundLength } from './policy.ts';
export { ATTRIBUTE_KEYS } from './schema.ts';

export type { CheckTemplate, TemplateUse } from './templates.ts';

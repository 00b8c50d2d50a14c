/** From what the configuration says of credentials to what is stored of them: secrets looked up and sealed. */
import {
  type CredentialBody,
  type CredentialDraft,
  credentialContext,
  type Fault,
  LEAST_KEY_LENGTH,
  type Place,
  type SecretPart,
  SnmpSecret,
  type SnmpSecretDraft,
} from '@beacontower/contracts';
import { SealError, type Sealer } from '@beacontower/runtime';
import { lookUpSecret, type Trouble, troubleAt } from './secret-check.ts';

/** `credentials` is complete only when no fault is an error. */
export interface SealedCredentials {
  readonly credentials: readonly CredentialBody[];
  readonly faults: readonly Fault[];
}

interface Missing {
  readonly place: Place;
  readonly trouble: Trouble;
}
const STAYS = { en: 'the one applied before stays in use', zh: '沿用先前应用的密钥' };

/**
 * Looks up the secrets of all credentials and seals them. Of one whose secret cannot be had here, the one applied before stays,
 * when it was otherwise the same: a node that is started again without its environment goes on asking. Otherwise that is an error.
 */
export async function sealCredentials(
  drafts: readonly CredentialDraft[],
  stored: readonly CredentialBody[],
  sealer: Sealer,
): Promise<SealedCredentials> {
  const credentials: CredentialBody[] = [];
  const faults: Fault[] = [];
  for (const draft of drafts) {
    const { secret, missing } = await lookUp(draft.secret);
    const { id, version, summary } = draft;
    if (secret !== null) {
      credentials.push({ id, version, sealed: sealer.seal(JSON.stringify(secret), credentialContext(id)), summary });
      continue;
    }
    const before = stored.find((credential) => credential.id === id);
    const stays = before !== undefined && isSameButForSecrets(draft.secret, before, sealer);
    if (stays) credentials.push(before);
    for (const { place, trouble } of missing)
      faults.push(troubleAt(place, stays ? { ...trouble, consequence: STAYS } : { ...trouble, severity: 'error' }));
  }
  return { credentials, faults };
}

/** A line for each stored credential that does not open: its key was lost or replaced, and agents are not asked with it. */
export function checkSeals(stored: readonly CredentialBody[], sealer: Sealer): string[] {
  return stored.flatMap(({ id, sealed }) => {
    try {
      sealer.open(sealed, credentialContext(id));
      return [];
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return [
        `warning: credential "${id}" does not open with the key of this node: agents are not asked with it until it is applied again`,
      ];
    }
  });
}

async function lookUp(draft: SnmpSecretDraft): Promise<{ secret: SnmpSecret | null; missing: Missing[] }> {
  const missing: Missing[] = [];
  const textOf = async ({ reference, place }: SecretPart, least: number): Promise<string> => {
    const found = await lookUpSecret({ reference, of: 'credential', least });
    if ('value' in found) return found.value;
    missing.push({ place, trouble: found.trouble });
    return '';
  };
  const keyed = async <P extends { readonly key: SecretPart }>(part: P | null) =>
    part === null ? null : { ...part, key: await textOf(part.key, LEAST_KEY_LENGTH) };
  const secret =
    draft.version === '3'
      ? { ...draft, auth: await keyed(draft.auth), privacy: await keyed(draft.privacy) }
      : { ...draft, community: await textOf(draft.community, 1) };
  return missing.length > 0 ? { secret: null, missing } : { secret: SnmpSecret.parse(secret), missing };
}

/** Whether the stored one opens and says the same in everything that is not secret. */
function isSameButForSecrets(draft: SnmpSecretDraft, stored: CredentialBody, sealer: Sealer): boolean {
  try {
    const secret = SnmpSecret.parse(JSON.parse(sealer.open(stored.sealed, credentialContext(stored.id))));
    return openParts(secret) === openParts(draft);
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

const openParts = (secret: SnmpSecret | SnmpSecretDraft) =>
  secret.version === '3'
    ? JSON.stringify([secret.version, secret.user, secret.context, secret.auth?.protocol, secret.privacy?.protocol])
    : secret.version;

/**
 * What both sides read to each other before a request for a certificate is approved: eight digits of the key's fingerprint (SHA-256 of the
 * public key, SPKI, lower-case hexadecimal) in two groups.
 */
export function spokenCode(keyFingerprint: string): string {
  const digits = (BigInt(`0x${keyFingerprint.slice(0, 16)}`) % 100_000_000n).toString().padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

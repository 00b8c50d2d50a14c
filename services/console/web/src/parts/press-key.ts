/** A key by which a press repeated by the network is known for the same (`crypto.randomUUID` is not there without HTTPS). */
export function pressKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

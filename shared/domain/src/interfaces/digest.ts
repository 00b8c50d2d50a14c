import type { SystemFacts, TableRow } from './seen.ts';

/** Two 32-bit hashes at once, fed with text and numbers. Not cryptographic: it tells a changed table from an unchanged one. */
class Digest {
  #fnv = 0x811c9dc5;
  #murmur = 0x9747b28c;

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.#unit(value.charCodeAt(i));
    // No code unit has this value, so that "a" + "bc" is not "ab" + "c".
    this.#unit(0x10000);
  }

  number(value: number): void {
    this.text(String(value));
  }

  #unit(unit: number): void {
    this.#fnv = Math.imul(this.#fnv ^ unit, 0x01000193);
    let mixed = Math.imul(unit, 0xcc9e2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    mixed ^= this.#murmur;
    this.#murmur = (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
  }

  toString(): string {
    return hex(avalanche(this.#fnv)) + hex(avalanche(this.#murmur));
  }
}

/** MurmurHash3's finaliser: FNV alone hardly spreads what came last. */
function avalanche(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

const hex = (hash: number): string => (hash >>> 0).toString(16).padStart(8, '0');

/**
 * What a plan and a collector compare instead of whole tables: 16 hexadecimal digits over the system group and every row, in the
 * order of ifIndex whatever order they come in. Everything a row holds is in it: an alias that changes is news.
 */
export function tableDigest(system: SystemFacts, interfaces: readonly TableRow[]): string {
  const digest = new Digest();
  for (const text of [system.descr, system.objectId, system.name, system.location, system.contact]) digest.text(text);
  digest.number(interfaces.length);
  for (const row of [...interfaces].sort((a, b) => a.index - b.index)) {
    digest.number(row.index);
    digest.text(row.name);
    digest.text(row.alias);
    digest.text(row.descr);
    digest.number(row.type);
    digest.number(row.speed);
  }
  return digest.toString();
}

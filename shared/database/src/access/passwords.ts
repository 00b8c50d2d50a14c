import { passwordForm } from '@beacontower/domain';

/** argon2id, version 19: 64 MiB and three passes, about 0.1 s of one core; above what OWASP and RFC 9106 (second choice) ask for. */
const PARAMETERS = { algorithm: 2, memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
const CURRENT = '$argon2id$v=19$m=65536,t=3,p=1$';
/** Beyond this a password is not even read: hashing grows with it. */
const LONGEST_BYTES = 4_096;

/** Too many passwords wait to be checked: whoever asks may come again. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy';
  constructor() {
    super('too many passwords are being checked already');
  }
}

export interface PasswordsOptions {
  /** At once; each takes 64 MiB and a thread of libuv's four. */
  readonly atOnce: number;
  /** Most that wait; more are refused with `PasswordsBusy`. */
  readonly waiting: number;
}

/** Hashes and checks passwords, a few at once. The library is loaded when a first one is. */
export class Passwords {
  readonly #options: PasswordsOptions;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #decoy: Promise<string> | undefined;

  constructor(options: PasswordsOptions = { atOnce: 2, waiting: 32 }) {
    this.#options = options;
  }

  /** The PHC string to be kept. */
  async hash(password: string): Promise<string> {
    const { hash } = await import('@node-rs/argon2');
    return this.#turn(() => hash(passwordForm(password), PARAMETERS));
  }

  /** Whether it is the password of a hash. Without a hash (no such person, no password) the answer is no, after the same time. */
  async verify(kept: string | null, password: string): Promise<boolean> {
    const form = passwordForm(password);
    const { verify } = await import('@node-rs/argon2');
    const against = kept ?? (await this.#decoyHash());
    const isRight = await this.#turn(() => (Buffer.byteLength(form) > LONGEST_BYTES ? Promise.resolve(false) : verify(against, form)));
    return isRight && kept !== null;
  }

  /** Whether a hash was made with weaker parameters than today's, and should be made anew while the password is at hand. */
  isOutdated(kept: string): boolean {
    return !kept.startsWith(CURRENT);
  }

  #decoyHash(): Promise<string> {
    this.#decoy ??= this.hash(crypto.randomUUID()).catch((error: unknown) => {
      this.#decoy = undefined;
      throw error;
    });
    return this.#decoy;
  }

  async #turn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#options.atOnce) {
      if (this.#waiting.length >= this.#options.waiting) throw new PasswordsBusy();
      // The turn is handed on: `#busy` stays as it is.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#busy += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }
}

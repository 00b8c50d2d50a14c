/** Many at a time that only look, or one alone that changes. Who waits to change goes before those who come to look after. */
export class Lock {
  #looking = 0;
  #changing = false;
  readonly #waiting: (() => void)[] = [];
  #wantChange = 0;

  async shared<T>(work: () => Promise<T>): Promise<T> {
    while (this.#changing || this.#wantChange > 0) await this.#wait();
    this.#looking++;
    try {
      return await work();
    } finally {
      this.#looking--;
      this.#wake();
    }
  }

  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#wantChange++;
    try {
      while (this.#changing || this.#looking > 0) await this.#wait();
      this.#changing = true;
    } finally {
      this.#wantChange--;
    }
    try {
      return await work();
    } finally {
      this.#changing = false;
      this.#wake();
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

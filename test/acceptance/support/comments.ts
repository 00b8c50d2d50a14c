import type { Api } from '@beacontower/test-lab';

/** Somebody who goes on writing while processes die; what was acknowledged must be there afterwards. */
export interface Commenting {
  /** Ends it and gives the texts that the product acknowledged. */
  stop(): Promise<readonly string[]>;
}

/** Posts a comment every 100 ms; one that is not acknowledged is tried again with the same idempotency key, for 5 s and more. */
export function startCommenting(api: Api, incident: string): Commenting {
  const acknowledged: string[] = [];
  let running = true;
  const work = (async () => {
    for (let number = 1; running; number++) {
      const text = `comment-${number}`;
      for (let attempt = 1; running && attempt <= 50; attempt++) {
        const done = await api.comment(incident, text).then(
          () => true,
          () => false, // the API or a store is dead just now
        );
        if (done) {
          acknowledged.push(text);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    async stop() {
      running = false;
      await work;
      return acknowledged;
    },
  };
}

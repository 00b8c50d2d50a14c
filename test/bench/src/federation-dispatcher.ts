import { type Database, dispatchLog, LOG_CHANNEL } from '@beacontower/database';
import { type Logger, Loop } from '@beacontower/runtime';

const BATCH = 10_000;

/** Puts the log of a node in order as soon as it is told of entries, as the role `alerting` does in a node that runs it. */
export async function startDispatcher(database: Database, logger: Logger): Promise<{ stop(): Promise<void> }> {
  const pass = async () => ((await database.transaction((tx) => dispatchLog(tx, BATCH))).count === BATCH ? 'again' : 'pause');
  const loop = new Loop({ name: 'dispatcher', logger, pauseMs: 1_000, pass });
  loop.start();
  const unlisten = await database.listen(LOG_CHANNEL, () => loop.wake());
  return {
    async stop() {
      await unlisten();
      await loop.stop();
    },
  };
}

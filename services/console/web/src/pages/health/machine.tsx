import type { SelfReport } from '@beacontower/contracts';
import { formatDuration } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Moment } from '../../parts/since.tsx';
import { Ago, Card, type Facts, Judged, Unknown } from './lags.tsx';
import { formatBytes, lookOf } from './scale.ts';
import { HEALTH } from './words.ts';

/** Where samples are kept. */
export function StoreCard({ facts: { store } }: { facts: Facts }) {
  const words = useWords(HEALTH);
  return (
    <Card id="store" title={words.store}>
      {store === null ? (
        <Unknown />
      ) : (
        <dl className="facts">
          <dt>{words.engine}</dt>
          <dd>{store.engine ?? '—'}</dd>
          <dt>{words.lastWrite}</dt>
          <dd>
            <Ago ms={store.lastSuccessAgeMs} />
          </dd>
          <dt>{words.writes}</dt>
          <dd className="figures">{store.writes}</dd>
          <dt>{words.writeMean}</dt>
          <dd className="figures">{store.writeMeanMs === null ? '—' : `${store.writeMeanMs.toFixed(1)} ms`}</dd>
          <dt>{words.failures}</dt>
          <dd>
            <Judged look={store.failures > 0 ? 'bad' : 'good'}>{store.failures}</Judged>
          </dd>
          <dt>{words.dropped}</dt>
          <dd>
            <Judged look={store.dropped > 0 ? 'warn' : 'good'}>{store.dropped}</Judged>
          </dd>
          <dt>{words.size}</dt>
          <dd className="figures">{formatBytes(store.bytes)}</dd>
        </dl>
      )}
    </Card>
  );
}

/** The bus between processes. */
export function RedisCard({ facts: { redis } }: { facts: Facts }) {
  const words = useWords(HEALTH);
  return (
    <Card id="redis" title={words.redis}>
      {redis === null ? (
        <Unknown />
      ) : (
        <dl className="facts">
          <dt>{words.memory}</dt>
          <dd className="figures">
            {formatBytes(redis.usedBytes)} / {redis.limitBytes === null ? words.noLimit : formatBytes(redis.limitBytes)}
          </dd>
          <dt>{words.state}</dt>
          <dd className="tags">
            <Judged look={redis.evicts ? 'bad' : 'good'}>{redis.evicts ? words.evicts : words.keeps}</Judged>
            <span aria-hidden="true">·</span>
            <Judged look={redis.persistenceFails ? 'bad' : redis.persistent ? 'good' : 'warn'}>
              {redis.persistenceFails ? words.persistenceFails : redis.persistent ? words.persistent : words.notPersistent}
            </Judged>
          </dd>
        </dl>
      )}
    </Card>
  );
}

/** Room and time. */
export function Machine({ facts: { disk, clock } }: { facts: Facts }) {
  const words = useWords(HEALTH);
  const { language } = useLanguage();
  return (
    <Card id="machine" title={words.machine}>
      <dl className="facts">
        <dt>{words.disk}</dt>
        <dd>{disk === null ? <Unknown /> : <Disk disk={disk} />}</dd>
        <dt>{words.clock}</dt>
        <dd>
          {clock === null ? (
            <Unknown />
          ) : (
            <Judged look={lookOf(Math.abs(clock.offsetMs), 1_001, 60_000)}>{formatDuration(clock.offsetMs, language)}</Judged>
          )}
        </dd>
        {clock === null || clock.ahead.length === 0 ? null : (
          <>
            <dt>{words.ahead}</dt>
            <dd>{clock.ahead.map(({ instance, aheadMs }) => `${instance} +${formatDuration(aheadMs, language)}`).join(', ')}</dd>
          </>
        )}
      </dl>
    </Card>
  );
}

function Disk({ disk: { freeBytes, totalBytes } }: { disk: NonNullable<Facts['disk']> }) {
  const words = useWords(HEALTH);
  const used = totalBytes === 0 ? 1 : 1 - freeBytes / totalBytes;
  // As the watchdog finds it: by what is left, not by a share of a disk of any size.
  const look = freeBytes < 256 * 2 ** 20 ? 'bad' : freeBytes < 2 * 2 ** 30 ? 'warn' : 'good';
  return (
    <div>
      <meter className="health-meter" min={0} max={1} high={0.85} optimum={0} value={used} aria-label={words.disk} />
      <Judged look={look}>{words.diskOf(formatBytes(freeBytes), formatBytes(totalBytes))}</Judged>
    </div>
  );
}

/** Who outside would notice that the node is gone. */
export function Heartbeat({ heartbeat }: { heartbeat: SelfReport['heartbeat'] }) {
  const words = useWords(HEALTH);
  const { language } = useLanguage();
  return (
    <Card id="heartbeat" title={words.heartbeat}>
      {heartbeat === null ? (
        <p className="soft health-none">{words.noHeartbeat}</p>
      ) : (
        <dl className="facts">
          <dt>{words.interval}</dt>
          <dd>{formatDuration(heartbeat.intervalMs, language)}</dd>
          <dt>{words.heartbeatLast}</dt>
          <dd>
            <Moment at={heartbeat.lastSuccess} />
          </dd>
          <dt>{words.heartbeatResult}</dt>
          <dd>{heartbeat.lastResult ?? '—'}</dd>
        </dl>
      )}
    </Card>
  );
}

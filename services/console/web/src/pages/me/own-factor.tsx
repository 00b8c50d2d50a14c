import { useState } from 'react';
import { useHeldSession, useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { beginSecondFactor, removeSecondFactor, type Setup } from '../sign-in/calls.ts';
import { Enrol } from '../sign-in/second-factor.tsx';
import { Proof } from './proof.tsx';
import { ME } from './words.ts';

type Doing = 'nothing' | 'setting-up' | 'removing' | 'done';

/** One's second factor: set up, changed for another, done without where the policy allows it. */
export function OwnFactor() {
  const words = useWords(ME);
  const { secondFactor } = useSession();
  const { refresh } = useHeldSession();
  const [doing, setDoing] = useState<Doing>('nothing');
  const finish = async () => {
    setDoing('done');
    await refresh();
  };
  return (
    <section className="card" aria-labelledby="own-factor">
      <div className="card-head">
        <h2 id="own-factor">{words.factor}</h2>
        <span className={secondFactor ? 'tag good' : 'tag warn'}>{secondFactor ? words.factorOn : words.factorOff}</span>
      </div>
      {doing === 'done' ? <div className="note good">{words.factorDone}</div> : null}
      <p className="form-hint">{secondFactor ? words.factorNewHint : words.factorWhy}</p>
      {doing === 'setting-up' ? <SettingUp onDone={finish} /> : null}
      {doing === 'removing' ? (
        <Removing
          onDone={async () => {
            setDoing('nothing');
            await refresh();
          }}
        />
      ) : null}
      {doing === 'nothing' || doing === 'done' ? (
        <div className="form-row">
          <button type="button" className="button" onClick={() => setDoing('setting-up')}>
            {secondFactor ? words.factorNew : words.factorBegin}
          </button>
          {secondFactor ? (
            <button type="button" className="button" onClick={() => setDoing('removing')}>
              {words.factorRemove}
            </button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

function SettingUp({ onDone }: { onDone: () => Promise<void> }) {
  const words = useWords(ME);
  const [begun, setBegun] = useState<Setup | null>(null);
  if (begun !== null) return <Enrol begun={begun} onDone={onDone} />;
  return <Proof label={words.next} act={async (proof) => setBegun(await beginSecondFactor(proof))} />;
}

function Removing({ onDone }: { onDone: () => Promise<void> }) {
  const words = useWords(ME);
  return (
    <Proof
      label={words.factorRemove}
      act={async (proof) => {
        await removeSecondFactor(proof);
        await onDone();
      }}
    >
      <p className="note bad">{words.factorRemoveAsk}</p>
    </Proof>
  );
}

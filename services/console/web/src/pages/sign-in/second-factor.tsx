import { useState } from 'react';
import { encode } from 'uqr';
import { useWords } from '../../i18n/language.tsx';
import { Field, Refusal } from '../../parts/field.tsx';
import { beginSecondFactor, confirmSecondFactor, giveCode, type Setup } from './calls.ts';
import { useAttempt } from './credentials.tsx';
import { SIGN_IN } from './words.ts';

/** The code that a sign-in still needs. */
export function SecondFactor({ onDone }: { onDone: () => Promise<void> }) {
  const words = useWords(SIGN_IN);
  return (
    <>
      <p className="form-hint">{words.codeHint}</p>
      <CodeForm
        label={words.code}
        act={async (code) => {
          await giveCode(code);
          await onDone();
        }}
      />
    </>
  );
}

interface EnrolProps {
  /** The secret, where it was asked for already. */
  readonly begun?: Setup;
  readonly onDone: () => Promise<void>;
  /** Called before the recovery codes are shown. */
  readonly onCodes?: () => void;
}

/** A second factor set up: the secret as a picture and as text, the first code, then the recovery codes. */
export function Enrol({ begun, onDone, onCodes }: EnrolProps) {
  const words = useWords(SIGN_IN);
  const [setup, setSetup] = useState<Setup | null>(begun ?? null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const begin = useAttempt('code', async () => setSetup(await beginSecondFactor()));
  if (codes !== null) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (setup === null)
    return (
      <div className="form">
        <Refusal text={begin.refusal} detail={begin.detail} />
        <button type="button" className="button primary wide" disabled={begin.busy} onClick={() => void begin.submit()}>
          {begin.busy ? words.working : words.enrolStart}
        </button>
      </div>
    );
  return (
    <div className="form">
      <span>{words.enrolScan}</span>
      <Qr text={setup.uri} label={words.qr} />
      <span className="form-hint">{words.enrolType}</span>
      <code className="secret-text">{setup.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      <CodeForm
        label={words.enrolCode}
        act={async (code) => {
          const given = await confirmSecondFactor(code);
          // Told first: from now on the session is whole, and whoever asks again would go on without these.
          onCodes?.();
          setCodes(given.codes);
        }}
        digits
      />
    </div>
  );
}

function CodeForm({ label, act, digits = false }: { label: string; act: (code: string) => Promise<void>; digits?: boolean }) {
  const words = useWords(SIGN_IN);
  const [code, setCode] = useState('');
  const { busy, refusal, detail, submit } = useAttempt('code', async () => {
    setCode('');
    await act(code.replaceAll(/\s/g, ''));
  });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        label={label}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        autoFocus
        maxLength={64}
        {...(digits ? { inputMode: 'numeric' } : {})}
      />
      <Refusal text={refusal} detail={detail} />
      <button type="submit" className="button primary wide" disabled={busy || code.replaceAll(/\s/g, '').length < 6}>
        {busy ? words.working : words.confirm}
      </button>
    </form>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => Promise<void> }) {
  const words = useWords(SIGN_IN);
  const [copied, setCopied] = useState(false);
  const text = `${codes.join('\n')}\n`;
  return (
    <section className="form" aria-label={words.codesTitle}>
      <strong>{words.codesTitle}</strong>
      <p className="form-hint">{words.codesHint}</p>
      <ul className="code-grid">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="form-row">
        {/* Without HTTPS there is no clipboard for a page. */}
        {navigator.clipboard === undefined ? null : (
          <button type="button" className="button" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
            {copied ? words.copied : words.copy}
          </button>
        )}
        <a className="button" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`} download="beacontower-recovery-codes.txt">
          {words.download}
        </a>
      </div>
      <button type="button" className="button primary wide" onClick={() => void onDone()}>
        {words.kept}
      </button>
    </section>
  );
}

/** Drawn as one path: always dark on white, for cameras read no other in every light. */
function Qr({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 3 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

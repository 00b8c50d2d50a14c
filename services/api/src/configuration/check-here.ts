import { type Configuration, type Fault, loadConfiguration, type SourceFile } from '@beacontower/contracts';
import { checkConfiguredTemplate } from '@beacontower/messages';

/** A text, and what its check knows besides. */
export interface TextToCheck {
  readonly text: string;
  readonly holidays: readonly SourceFile[];
  readonly divisionCodes: ReadonlySet<string> | null;
  readonly now: number;
  /** Of errors and of warnings each: more are counted only. */
  readonly mostFaults: number;
}

/** What was found. */
export interface CheckedText {
  readonly configuration: Configuration | null;
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** Found beside those. */
  readonly left: { readonly errors: number; readonly warnings: number };
}

/** Checks a text in this very thread. */
export function checkHere({ text, holidays, now, divisionCodes, mostFaults }: TextToCheck): CheckedText {
  const { configuration, faults } = loadConfiguration([{ name: 'configuration', bytes: Buffer.from(text, 'utf8') }], {
    holidays,
    now,
    checkTemplate: checkConfiguredTemplate,
    ...(divisionCodes && { divisionCodes }),
  });
  const of = (severity: Fault['severity']) => faults.filter((fault) => fault.severity === severity);
  const [errors, warnings] = [of('error'), of('warning')];
  const left = { errors: Math.max(0, errors.length - mostFaults), warnings: Math.max(0, warnings.length - mostFaults) };
  return { configuration, errors: errors.slice(0, mostFaults), warnings: warnings.slice(0, mostFaults), left };
}

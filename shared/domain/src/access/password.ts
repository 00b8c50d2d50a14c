/** Whether a password may be taken. What is decided here is told before one is chosen, and again when it is refused. */

/** What the policy asks of a password. */
export interface PasswordDemands {
  readonly minLength: number;
  /** Of lower case, upper case, digits and others, how many must occur. */
  readonly minClasses: number;
}

/** Why a password is not taken. */
export const PASSWORD_FAULTS = ['too-short', 'too-few-classes', 'holds-name', 'too-common', 'used-before'] as const;
export type PasswordFault = (typeof PASSWORD_FAULTS)[number];

/** Han characters are letters without case: they count as "others", as punctuation does. */
const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

/**
 * The form in which a password is judged, hashed and compared: the same characters typed on another keyboard or system (full width,
 * composed or not) are the same password.
 */
export function passwordForm(password: string): string {
  return password.normalize('NFKC');
}

/** Every fault of a password of the person with these names; whether it was used before is not known here. */
export function judgePassword(password: string, demands: PasswordDemands, names: readonly string[]): PasswordFault[] {
  const form = passwordForm(password);
  const faults: PasswordFault[] = [];
  if ([...form].length < demands.minLength) faults.push('too-short');
  if (CLASSES.filter((each) => each.test(form)).length < demands.minClasses) faults.push('too-few-classes');
  if (names.some((name) => holdsName(form, name))) faults.push('holds-name');
  if (isCommon(form)) faults.push('too-common');
  return faults;
}

const SHORTEST_NAME = 3;

function holdsName(form: string, name: string): boolean {
  const plain = form.toLowerCase();
  return [name, ...name.split(/[\s._@-]+/u)]
    .map((part) => part.normalize('NFKC').toLowerCase())
    .filter((part) => [...part].length >= SHORTEST_NAME || (part.length > 1 && /\p{Script=Han}/u.test(part)))
    .some((part) => plain.includes(part) || plain.includes([...part].reverse().join('')));
}

// What is tried first everywhere; it is found behind look-alikes (P@ssw0rd) and whatever is put before or after it.
const COMMON =
  /password|passw0rd|passwd|admin|root|qwert|asdfg|zxcvb|1qaz|2wsx|3edc|qazwsx|1q2w|letmein|welcome|iloveyou|woaini|huawei|cisco|changeme|default|beacontower|abcdef/;
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '0': 'o',
  '1': 'i',
  '!': 'i',
  '3': 'e',
  $: 's',
  '5': 's',
  '7': 't',
};
/** Letters beside what is common that make a password good all the same. */
const LEAST_OF_ITS_OWN = 8;
const LEAST_DIFFERENT = 5;

function isCommon(form: string): boolean {
  const plain = form.toLowerCase();
  if (new Set(plain).size < LEAST_DIFFERENT || isRun(plain)) return true;
  const read = [...plain].map((character) => LOOK_ALIKES[character] ?? character).join('');
  return [plain, read].some((text) => COMMON.test(text) && [...text.replaceAll(new RegExp(COMMON, 'g'), '')].length < LEAST_OF_ITS_OWN);
}

/** `12345678…` or `abcdefgh…`, up or down: every step to the next character is the same. */
function isRun(plain: string): boolean {
  const codes = [...plain].map((character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)));
  return steps.size <= 1;
}

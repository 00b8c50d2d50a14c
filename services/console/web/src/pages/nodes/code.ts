/** The code as somebody types what is read out to them: with the dash, without it, or with a space; null: it is none yet. */
export function codeOf(typed: string): string | null {
  const digits = typed.replaceAll(/[\s-]/g, '');
  return /^\d{8}$/.test(digits) ? `${digits.slice(0, 4)}-${digits.slice(4)}` : null;
}

import { type Sheet, withFewer } from './sheet.ts';

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** At most so many characters (code points), the last an ellipsis when something was cut. */
export function cutTo(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, Math.max(0, longest - 1)).join('')}…`;
}

/** At most so many bytes of UTF-8, no character cut in two. */
export function cutToBytes(text: string, most: number): string {
  if (bytesOf(text) <= most) return text;
  const kept = Buffer.from(text, 'utf8').subarray(0, Math.max(0, most - 3));
  // A character that was cut in two comes out as a replacement character.
  return `${kept.toString('utf8').replace(/\ufffd+$/, '')}…`;
}

/** Renders with as many names of the list as fit; what does not is counted ("and 37 more"). When nothing helps, rows go, then text. */
export function fitted(
  sheet: Sheet,
  render: (sheet: Sheet) => string,
  fits: (text: string) => boolean,
  cut: (text: string) => string,
): string {
  const whole = render(sheet);
  if (fits(whole)) return whole;
  let [least, most] = [0, sheet.list?.items.length ?? 0];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(render(withFewer(sheet, middle)))) least = middle;
    else most = middle - 1;
  }
  let fewer = withFewer(sheet, least);
  while (fewer.rows.length > 0 && !fits(render(fewer))) fewer = { ...fewer, rows: fewer.rows.slice(0, -1) };
  const text = render(fewer);
  return fits(text) ? text : cut(text);
}

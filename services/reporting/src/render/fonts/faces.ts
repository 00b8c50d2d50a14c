import { readFile } from 'node:fs/promises';
import subsetFont from 'subset-font';

/** The font files beside the sources; see `fonts/README.md` for where they come from. */
const FOLDER = new URL('../../../fonts/', import.meta.url);

const FILES = {
  /** Song (宋体), for the body of the text. */
  serif: 'NotoSerifSC-Regular.woff2',
  /** Hei (黑体), for tables and charts. */
  sans: 'NotoSansSC-Regular.woff2',
  /** Hei, bold, for headings. */
  sansBold: 'NotoSansSC-Bold.woff2',
} as const;

/** A face that reports are set in. */
export type Face = keyof typeof FILES;

/** What the families are called in a document, which is what they are called in their files. */
export const SERIF = 'Noto Serif SC';
/** The family of `sans` and `sansBold`. */
export const SANS = 'Noto Sans SC';

/** What the faces are called in their files (the PostScript name). */
export const FACE_NAMES: Readonly<Record<Face, string>> = {
  serif: 'NotoSerifSC-Regular',
  sans: 'NotoSansSC-Regular',
  sansBold: 'NotoSansSC-Bold',
};

const files = new Map<Face, Promise<Buffer>>();

/** The file of a face (WOFF2, every character it has), read once a process. Throws where the file is missing. */
export function faceFile(face: Face): Promise<Buffer> {
  let file = files.get(face);
  if (!file) {
    file = readFile(new URL(FILES[face], FOLDER));
    file.catch(() => files.delete(face));
    files.set(face, file);
  }
  return file;
}

/** A face with the characters of `text` only, as TrueType: what a document embeds. The same for the same set of characters. */
export async function faceOf(face: Face, text: string): Promise<Buffer> {
  const characters = [...new Set(text)].sort().join('');
  return subsetFont(await faceFile(face), characters, { targetFormat: 'truetype' });
}

/** The printable characters of ASCII, which a face is embedded with whatever the text is: page numbers are set when it is read. */
export const ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');

/**
 * The 3,755 commonest Chinese characters (level 1 of GB 2312) and Chinese punctuation, so that whoever edits a document types
 * in the face it is set in.
 */
export function commonChinese(): string {
  const decoder = new TextDecoder('gb18030');
  const rows = [0xa1, 0xa3, ...Array.from({ length: 0xd8 - 0xb0 }, (_, index) => 0xb0 + index)];
  const cells = Array.from({ length: 94 }, (_, index) => 0xa1 + index);
  const characters = rows.flatMap((row) => cells.map((cell) => decoder.decode(new Uint8Array([row, cell]))));
  return characters.filter((character) => !/[\ufffd\ue000-\uf8ff]/u.test(character)).join('');
}

import pdfmake from 'pdfmake';
import type { Definition, Fonts } from './types.ts';

/** The faces of a family: each by the name in its file (`NotoSansSC-Bold`), with the TrueType file. */
export interface PdfFamily {
  readonly normal: PdfFace;
  readonly bold: PdfFace;
}

/** A face. Charts find it by its own name, which must be the one in the file. */
export interface PdfFace {
  readonly name: string;
  readonly file: Buffer;
}

/** Where the library keeps files in memory; its types leave it out. */
interface MemoryFiles {
  readonly storage: Record<string, Buffer>;
}

const { virtualfs } = pdfmake as unknown as { readonly virtualfs: MemoryFiles };

// Nothing that a document names is fetched or read from disk: fonts are in memory, charts are in the document.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy(() => false);

let last: Promise<unknown> = Promise.resolve();

/**
 * Lays a document out and writes it, with these families. One after the other: the library knows fonts by name for the whole
 * process, and each report brings the characters it needs.
 */
export function printPdf(definition: Definition, families: Readonly<Record<string, PdfFamily>>): Promise<Uint8Array> {
  const printed = last.then(() => print(definition, families));
  last = printed.catch(() => undefined);
  return printed;
}

async function print(definition: Definition, families: Readonly<Record<string, PdfFamily>>): Promise<Uint8Array> {
  const faces = Object.values(families).flatMap(({ normal, bold }) => [normal, bold]);
  for (const { name, file } of faces) virtualfs.storage[name] = file;
  const fonts: Fonts = Object.fromEntries(
    Object.entries(families).map(([family, { normal, bold }]) => [family, { normal: normal.name, bold: bold.name }]),
  );
  try {
    pdfmake.setFonts(fonts);
    return await pdfmake.createPdf(definition).getBuffer();
  } finally {
    for (const { name } of faces) delete virtualfs.storage[name];
  }
}

import type { createPdf, setFonts } from 'pdfmake';

export type { Content as Node, CustomTableLayout, TableCell } from 'pdfmake';

/** A document as the library takes it. */
export type Definition = Parameters<typeof createPdf>[0];

/** Named styles of a document. */
export type Styles = NonNullable<Definition['styles']>;

/** Families and the names of their files. */
export type Fonts = Parameters<typeof setFonts>[0];

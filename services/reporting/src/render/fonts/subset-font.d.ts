declare module 'subset-font' {
  /** A font file with the characters of `text` only; reads TrueType, OpenType, WOFF and WOFF2. */
  export default function subsetFont(
    file: Buffer,
    text: string,
    options?: { readonly targetFormat?: 'truetype' | 'sfnt' | 'woff' | 'woff2' },
  ): Promise<Buffer>;
}

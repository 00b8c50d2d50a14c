/** Points from the edge of an A4 page: left, top, right, bottom. */
export const MARGINS: [number, number, number, number] = [56, 64, 56, 60];

/** Width and height of A4, points. */
export const A4 = { width: 595.28, height: 841.89 } as const;

/** Width of the text of a page, points. */
export const TEXT_WIDTH = A4.width - MARGINS[0] - MARGINS[2];

/** What of the height of a page may be kept together, points: less than all of it, for heights are estimates. */
export const FITTING_HEIGHT = (A4.height - MARGINS[1] - MARGINS[3]) * 0.9;

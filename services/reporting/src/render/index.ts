export { EXTENSIONS, MEDIA_TYPES, type Rendered, render, renderReport } from './render.ts';

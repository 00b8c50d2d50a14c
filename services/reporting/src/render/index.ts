export { EXTENSIONS, MEDIA_TYPES, render } from './render.ts';

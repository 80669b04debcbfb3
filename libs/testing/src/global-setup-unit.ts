export { openRunFolder as default } from './run-folder.ts';

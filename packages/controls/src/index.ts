export { FRAMEWORKS } from './frameworks/index.ts';
export { CONTROLS, type ControlId, findControl } from './registry.ts';

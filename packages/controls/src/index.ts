export { FRAMEWORKS } from './frameworks/index.ts';
export { CONTROLS, type ControlId, findControls } from './registry.ts';

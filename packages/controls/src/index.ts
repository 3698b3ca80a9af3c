export { FRAMEWORKS } from './frameworks/index.ts';
export { PLANNED, type PlannedControl } from './planned.ts';
export { CONTROLS, type ControlId, findControls } from './registry.ts';

export { buildProgram, parseCommandLine, run } from './command-line.ts';
export { flagOf, HUB_SETTINGS, SETTING_NAMES, settingOf, variableOf } from './hub-settings/settings.ts';
export type { Io } from './io.ts';

import { type Command, Option } from 'commander';
import { flagOf, type SettingName, settingOf, variableOf } from './settings.ts';
import { type FaultyFlag, isFaultyFlag, readValue, type WrittenValue } from './value.ts';

/** Gives a command the flags of settings, and the one that names the file which can say the same. */
export function addSettings(command: Command, names: readonly SettingName[]): Command {
  command
    .option('--config <file>', 'settings in a file (default: BULWARK_HUB_CONFIG, then hub.yaml here)')
    .option('--no-config', 'no such file');
  for (const name of names) for (const option of optionsOf(name)) command.addOption(option);
  return command;
}

function optionsOf(name: SettingName): Option[] {
  const setting = settingOf(name);
  const flag = flagOf(name);
  const about =
    setting.default === undefined ? setting.about : `${setting.about} (default: ${setting.default})`;
  if (setting.kind === 'switch')
    return [new Option(flag, about), new Option(`--no-${flag.slice(2)}`, `not ${flag}`).hideHelp()];
  const option = new Option(`${flag} <${setting.placeholder ?? name}>`, about);
  // Help and completion name the choices; a word that is none of them is told with all else that is wrong.
  if (setting.choices !== undefined) option.choices(setting.choices);
  return [
    option.argParser<WrittenValue | FaultyFlag | undefined>((text, before) => {
      if (isFaultyFlag(before)) return before;
      const value = readValue(name, text);
      if (!value.ok) return { fault: value.error };
      return Array.isArray(before) && Array.isArray(value.value)
        ? [...(before as readonly string[]), ...(value.value as readonly string[])]
        : value.value;
    }),
  ];
}

/** What help says about the other ways to say the same. */
export function settingNotes(name: SettingName): string {
  return `Every option can be given by an environment variable, ${flagOf(name)} as ${variableOf(name)}, and in
hub.yaml, as ${name}. A flag wins over a variable, and a variable over the file.`;
}

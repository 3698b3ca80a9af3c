import { type Command, InvalidArgumentError, Option } from 'commander';

/** Severities as flags take them. */
export const SEVERITY_NAMES = ['critical', 'high', 'medium', 'low', 'info'];
const PROFILE_NAMES = ['default', 'strict', 'all'];

/** A whole number from 1 on. */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return number;
}

/** A flag with several values: given again, or separated by commas. */
export function list(text: string, before: readonly string[] | undefined): string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  // An unset variable of a shell would else choose everything.
  if (parts.length === 0) throw new InvalidArgumentError('It must not be empty.');
  return [...(before ?? []), ...parts];
}

/** A flag that may be given several times, whatever is in its values. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** Which configuration holds; every command that has one takes these. */
export function addConfigOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration (default: bulwark.yaml here or in a folder around)')
    .option('--no-config', 'no configuration');
}

/** The arguments and options of every command that reads manifests. */
export function addReadOptions(command: Command, namespaces: string): Command {
  return addConfigOptions(command.argument('[path...]', 'files or directories, - for standard input', ['.']))
    .option('--kubernetes-version <version>', 'judge for this version (default: the newest known)')
    .option('-n, --namespace <name>', namespaces, list)
    .option(
      '--threads <number>',
      'how many threads to use (default: as many as the input is worth, at most 8)',
      positive,
    )
    .option('--max-file-size <MiB>', 'larger files are reported as lost', positive, 64)
    .option('--no-ignore', 'read hidden folders, node_modules and git-ignored files too')
    .option('--no-render', 'do not run helm, kustomize or kubectl');
}

/** The same with the options that choose the controls. */
export function addInputOptions(command: Command): Command {
  return addReadOptions(command, 'judge only these namespaces')
    .option('--framework <id>', 'only the controls of these frameworks, with their results', list)
    .option('--control <id>', 'only these controls', list)
    .option('--exclude <id>', 'all but these controls', list)
    .addOption(
      new Option('--profile <profile>', 'how strict: default, strict, all (default: default)').choices(
        PROFILE_NAMES,
      ),
    );
}

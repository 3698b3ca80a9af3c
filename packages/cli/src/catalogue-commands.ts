import { type Command, Option } from 'commander';
import { addConfigOptions } from './command-options.ts';
import type { CatalogueFlags } from './flags.ts';
import type { Action } from './io.ts';

/** The commands that print what there is: controls, frameworks, the version. */
export function addCatalogue(program: Command, choose: (action: Action) => void): void {
  const format = (): Option =>
    new Option('-f, --format <format>', 'what to print').choices(['pretty', 'json']).default('pretty');
  addConfigOptions(
    program.command('controls').description('List the controls, as the configuration has them.'),
  )
    .addOption(format())
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .action((flags: CatalogueFlags) =>
      choose(async (io) => (await import('./commands/controls.ts')).runControls(flags, io)),
    );
  addConfigOptions(
    program
      .command('explain')
      .description("Explain a control: what the danger is, and what to change. Takes other tools' ids too.")
      .argument('<id>', "a control, one of the configuration's own, or an alias such as trivy:KSV-0017"),
  )
    .addOption(format())
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .action((id: string, flags: CatalogueFlags) =>
      choose(async (io) => (await import('./commands/explain.ts')).runExplain(id, flags, io)),
    );
  program
    .command('frameworks')
    .description('List the compliance frameworks and their requirements.')
    .argument('[id]', 'one framework')
    .addOption(format())
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .action((id: string | undefined, flags: CatalogueFlags) =>
      choose(async (io) => (await import('./commands/frameworks.ts')).runFrameworks(id, flags, io)),
    );
  program
    .command('version')
    .description('Print the version.')
    .action(() => choose(async (io) => (await import('./commands/version.ts')).runVersion(io)));
}

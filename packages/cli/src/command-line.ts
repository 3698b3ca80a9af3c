import { Argument, Command, CommanderError, Option } from 'commander';
import { addAsk, addExceptions, addHubOptions } from './ask-commands.ts';
import { addCatalogue } from './catalogue-commands.ts';
import { addInputOptions, addReadOptions, collect, SEVERITY_NAMES } from './command-options.ts';
import type { Shell } from './completion/scripts.ts';
import { ExitCode, UsageError } from './exit.ts';
import type { AskFlags, FixFlags, InitFlags, JudgeFlags, PsaFlags, ScanFlags } from './flags.ts';
import { addHub } from './hub-commands.ts';
import type { Action, Io } from './io.ts';

const SCAN_EXAMPLES = `
Exit codes, the first that applies: 2 usage or configuration error, 1 findings at or above --fail-on,
3 with --strict when something was not judged, 0. A failure of the program itself ends with 70.

Examples:
  $ bulwark scan deploy/
  $ helm template charts/shop | bulwark scan -
  $ bulwark scan . --framework pss-restricted --fail-on medium
  $ bulwark scan . -o json=report.json
  $ bulwark scan --cluster --context prod`;

function addScan(program: Command, choose: (action: Action) => void): void {
  addInputOptions(program.command('scan').description('Judge manifests, charts and overlays.'))
    .option(
      '-f, --format <format>',
      'what to print: pretty, json, sarif, junit, markdown, html, github (default: pretty)',
    )
    .option(
      '-o, --output <format=file>',
      'write a report to a file as well, or with - print it; may be given several times',
      collect,
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on (default: high)').choices([
        ...SEVERITY_NAMES.slice(0, 4),
        'never',
      ]),
    )
    .addOption(
      new Option(
        '--min-severity <severity>',
        'report from this severity on, and always what fails the scan',
      ).choices(SEVERITY_NAMES),
    )
    .option('--cluster', 'judge what is in a cluster instead of files; it is only read')
    .option('--context <name>', 'with --cluster: a context of the kubeconfig (default: the current one)')
    .option(
      '--kubeconfig <file>',
      'with --cluster: the kubeconfig (default: KUBECONFIG, then ~/.kube/config, then the pod)',
    )
    .option('--insecure-skip-tls-verify', 'with --cluster: take any server where the kubeconfig says so')
    .option('--baseline <file>', 'accept the findings that a baseline lists')
    .option('--write-baseline <file>', 'write what is found as a baseline, and exit with 0')
    .option('--strict', 'exit with 3 when something could not be judged')
    .option('--all', 'show every finding and every coverage entry')
    .option('--verdicts', 'put every verdict, passes included, into JSON reports')
    .option('--record', 'tell a hub what was judged and with what verdict, so that it knows what runs')
    .option('--hub <url>', 'with --record: the hub (also: BULWARK_HUB); BULWARK_HUB_TOKEN holds the token')
    .option(
      '--ca <file>',
      'with --record: the authority that vouches for its certificate (also: BULWARK_HUB_CA)',
    )
    .option(
      '--image <name@digest>',
      'with --record: an image that this build made; may be given several times',
      collect,
    )
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('-q, --quiet', 'print nothing but errors; the exit code tells')
    .addHelpText('after', SCAN_EXAMPLES)
    .action((paths: string[], flags: ScanFlags, command: Command) =>
      choose(async (io) =>
        // The default path is not meant where a cluster is.
        (await import('./commands/scan.ts')).runScan(
          flags.cluster === true ? command.args : paths,
          command.optsWithGlobals(),
          io,
        ),
      ),
    );
}

const FIX_EXAMPLES = `
The diff goes to standard output, what it is worth to standard error.

--control, --framework, --exclude and --namespace choose what is mended. Whether an edit brings anything new is asked of
everything that the configuration and --profile have, in all namespaces. An edit that brings another finding is not
offered, even where that weighs less: the summary names it, and a laxer --profile asks for less. What charts and
overlays render is not edited; --no-render takes the manifests of an overlay as they stand.

Examples:
  $ bulwark fix deploy/
  $ bulwark fix deploy/ --may-break --control host-pid,run-as-non-root | git apply
  $ bulwark fix deploy/ --write`;

const PSA_NOTES = `
The admission controller knows no exceptions, scopes or severities, so neither does this command: of the configuration only
what is read counts, and for which version. What the API server exempts (users, runtime classes, namespaces) is not known
here. Where something could not be judged, no level is promised; the part that was read says what stands against one.

Examples:
  $ bulwark psa deploy/
  $ bulwark psa . --namespace shop --format json`;

function addRemedies(program: Command, choose: (action: Action) => void): void {
  addInputOptions(
    program.command('fix').description('Mend what an edit can mend, each edit proven by a second scan.'),
  )
    .option('--may-break', 'also fixes after which something may stop working; the diff says what')
    .option('--write', 'write the files instead of printing a diff')
    .addHelpText('after', FIX_EXAMPLES)
    .action((paths: string[], flags: FixFlags) =>
      choose(async (io) => (await import('./commands/fix.ts')).runFix(paths, flags, io)),
    );
  addReadOptions(
    program
      .command('psa')
      .description(
        'For each namespace: the strictest Pod Security level that would pass, and what blocks the next.',
      ),
    'show only these namespaces; all are judged',
  )
    .addOption(
      new Option('-f, --format <format>', 'what to print').choices(['pretty', 'json']).default('pretty'),
    )
    .addHelpText('after', PSA_NOTES)
    .action((paths: string[], flags: PsaFlags) =>
      choose(async (io) => (await import('./commands/psa.ts')).runPsa(paths, flags, io)),
    );
  const exceptions = program.command('exceptions').description('Look after exceptions.');
  addInputOptions(
    exceptions
      .command('audit')
      .description('List exceptions that have run out, match nothing or are too wide, and what each hides.'),
  )
    .addOption(
      new Option('-f, --format <format>', 'what to print').choices(['pretty', 'json']).default('pretty'),
    )
    .option('--baseline <file>', 'audit a baseline too')
    .action((paths: string[], flags: JudgeFlags) =>
      choose(async (io) =>
        (await import('./commands/exceptions-audit.ts')).runExceptionsAudit(paths, flags, io),
      ),
    );
  addExceptions(exceptions, choose);
}

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

const COMPLETION_EXAMPLES = `
Examples:
  $ source <(bulwark completion bash)      # in ~/.bashrc
  $ source <(bulwark completion zsh)       # in ~/.zshrc, after compinit
  $ bulwark completion fish | source       # in ~/.config/fish/config.fish`;

function addSetup(program: Command, choose: (action: Action) => void): void {
  program
    .command('init')
    .description('Write a bulwark.yaml that shows everything there is to set.')
    .option('--force', 'replace the one that is there')
    .action((flags: InitFlags) =>
      choose(async (io) => (await import('./commands/init.ts')).runInit(flags, io)),
    );
  program
    .command('completion')
    .description('Print what a shell needs to complete commands, options and their values.')
    .addArgument(new Argument('<shell>', 'whose script').choices(SHELLS))
    .argument('[words...]', 'what was typed, after --: print what can follow (the script asks this)')
    .addHelpText('after', COMPLETION_EXAMPLES)
    .action((shell: Shell, words: string[]) =>
      choose(async (io) =>
        (await import('./commands/completion.ts')).runCompletion({ program, shell, words }, io),
      ),
    );
}

/** The whole command line; `choose` is told the action of the command that was given. */
export function buildProgram(version: string, choose: (action: Action) => void): Command {
  const program = new Command('bulwark')
    .description('Finds, ranks and explains security problems in Kubernetes.')
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError('(bulwark --help and bulwark COMMAND --help say what there is)')
    .exitOverride();
  addHubOptions(program)
    // What stands before a command is for it alone, so that commands have a --hub of their own, with their help.
    .enablePositionalOptions()
    .hook('preAction', (_program, command) => refuseNeedlessHub(program, command));
  addScan(program, choose);
  addRemedies(program, choose);
  addAsk(program, choose);
  addCatalogue(program, choose);
  addHub(program, choose);
  addSetup(program, choose);
  for (const command of allCommands(program)) command.exitOverride();
  return program;
}

function refuseNeedlessHub(program: Command, command: Command): void {
  const { hub, ca } = program.opts<AskFlags>();
  if ((hub ?? ca) === undefined || command.options.some(({ long }) => long === '--hub')) return;
  const instead = command.name() === 'frameworks' ? '; bulwark compliance asks one how far they are met' : '';
  program.error(
    `error: ${command.name()} asks no hub; --${hub === undefined ? 'ca' : 'hub'} is not for it${instead}`,
  );
}

/** A command and all below it. */
function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** The action that arguments ask for, or the text to print when they are wrong or ask for help. */
export type Parsed =
  | { readonly ok: true; readonly action: Action }
  | { readonly ok: false; readonly exitCode: number; readonly output: string; readonly error: string };

/**
 * Reads a command line without running it.
 *
 * @param argv the arguments, without the program's own name.
 */
export async function parseCommandLine(argv: readonly string[], version = '0.0.0'): Promise<Parsed> {
  let chosen: Action | undefined;
  let output = '';
  let error = '';
  const program = buildProgram(version, (action) => {
    chosen = action;
  });
  const capture = {
    writeOut: (text: string): void => {
      output += text;
    },
    writeErr: (text: string): void => {
      error += text;
    },
  };
  for (const command of allCommands(program)) command.configureOutput(capture);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return { ok: false, exitCode: thrown.exitCode === 0 ? ExitCode.ok : ExitCode.usage, output, error };
  }
  return chosen === undefined
    ? { ok: false, exitCode: ExitCode.usage, output, error }
    : { ok: true, action: chosen };
}

/** Parses, runs, and answers the exit code; a usage error is printed with what would be right. */
export async function run(argv: readonly string[], process: Omit<Io, 'argv'>): Promise<number> {
  const io: Io = { ...process, argv };
  const parsed = await parseCommandLine(argv, io.version);
  try {
    if (parsed.ok) return await parsed.action(io);
    if (parsed.output !== '') io.write(parsed.output);
    if (parsed.error !== '') io.writeError(parsed.error);
    return parsed.exitCode;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // The message can quote a file that a stranger wrote; the formats are loaded only now, as most commands need none.
    const { visibleLine } = await import('@bulwark/formats');
    io.writeError(`error: ${error.message.split('\n').map(visibleLine).join('\n')}\n`);
    return ExitCode.usage;
  }
}

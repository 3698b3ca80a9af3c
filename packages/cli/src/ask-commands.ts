import { Argument, type Command, Option } from 'commander';
import { ASK_COMMANDS, type AskCommand, EXCEPTION_LIST } from './ask/commands.ts';
import { positive, SEVERITY_NAMES } from './command-options.ts';
import type { ComplianceFlags, OneFlags, TriageFlags } from './flags.ts';
import type { Action } from './io.ts';

/** The options that say which hub; `bulwark` takes them before a command as well. */
export function addHubOptions(command: Command): Command {
  return command
    .option('--hub <url>', 'the hub to ask (also: BULWARK_HUB); BULWARK_HUB_TOKEN holds the token')
    .option('--ca <file>', 'the authority that vouches for its certificate (also: BULWARK_HUB_CA)');
}

const HUB_NOTES = `
The hub is named by --hub or BULWARK_HUB, and its token by BULWARK_HUB_TOKEN, in no option: other users of the machine see
those. It is reached through the proxy that HTTPS_PROXY names, unless NO_PROXY excepts it.`;
const LIST_NOTES = `
What begins with - in a query goes after --. For people the first 25 are shown, for programs all.
Exit codes, the first that applies: 2 usage error, or the hub cannot be asked, 1 findings at or above --fail-on,
3 with --strict when a cluster is stale or not seen completely, 0.`;
const AS_OF = 'as it was: 2026-11-20, 2026-11-20T10:00Z, or 3d for three days ago';

/** The commands that ask a hub over its API. */
export function addAsk(program: Command, choose: (action: Action) => void): void {
  for (const [name, asked] of Object.entries<AskCommand>(ASK_COMMANDS)) {
    const command = addListOptions(program.command(name).description(asked.about), asked);
    if (name === 'queue') command.option('--mine', 'only what is assigned to you');
    if (name === 'findings') addFindingOptions(command);
    if (name === 'teams') command.alias('owners');
    if (name === 'compliance') addReportOptions(command);
    // Of the others, a query can say it.
    if (name === 'teams' || (asked.fields === undefined && asked.isOfHub !== true))
      command.option('--cluster <name>', 'only of this cluster');
    command.action((...given: unknown[]) => {
      const words = command.registeredArguments.length === 0 ? [] : [given[0] ?? []].flat().map(String);
      const flags = command.optsWithGlobals<ComplianceFlags>();
      choose(async (io) =>
        flags.report !== undefined || flags.output !== undefined
          ? (await import('./commands/compliance-report.ts')).runComplianceReport(words[0], flags, io)
          : (await import('./commands/ask.ts')).runAsk({ ...asked, name }, { words, flags, io }),
      );
    });
  }
  addOne(program, choose);
  addTriage(program, choose);
}

function addOne(program: Command, choose: (action: Action) => void): void {
  for (const { name, argument, about, examples, run } of [
    {
      name: 'workload',
      argument: ['<workload>', 'NAMESPACE/NAME, or NAMESPACE/KIND/NAME where several have the name'],
      about: 'Ask a hub for all that is known of a workload: what, where, how, access, whose, since when.',
      examples: ['shop/cart', 'shop/Deployment/cart --as-of 7d'],
      run: async () => (await import('./commands/ask-one.ts')).runWorkload,
    },
    {
      name: 'finding',
      argument: ['<fingerprint>', 'its fingerprint, as bulwark findings shows it, or the beginning of it'],
      about: 'Ask a hub for a finding: its lines, why it matters, how to mend it, and its history.',
      examples: ['5f3a9c1b2d4e'],
      run: async () => (await import('./commands/ask-one.ts')).runFinding,
    },
  ] as const) {
    const command = addHubOptions(program.command(name).description(about))
      .argument(argument[0], argument[1])
      .option('--cluster <name>', 'of this cluster, where several have it')
      .addOption(new Option('-f, --format <format>', 'what to print').choices(['pretty', 'json']))
      .option('--as-of <time>', AS_OF)
      .option('--no-color', 'no colours (also: NO_COLOR)');
    command
      .addHelpText('after', `${HUB_NOTES}${examplesText(name, examples)}`)
      .action((which: string) =>
        choose(async (io) => (await run())(which, command.optsWithGlobals<OneFlags>(), io)),
      );
  }
}

const TRIAGE_NOTES = `
What is named by fingerprints, or found by the query, is decided about: nothing that comes later. It is said what that is,
and asked for a yes where there is a terminal; --yes does not ask. The hub refuses where others are found by then.`;

function addTriage(program: Command, choose: (action: Action) => void): void {
  const command = addHubOptions(
    program
      .command('triage')
      .description('Decide on a hub who works on findings, and what is said of them.')
      .argument('<query...>', 'a query, or fingerprints as bulwark findings shows them'),
  )
    .option('--assign <user>', 'who works on them; nobody takes them from everybody')
    .option('--acknowledge', 'say that somebody has seen them')
    .option('--no-acknowledge', 'take that back')
    .option('--defer-until <time>', 'put them off until 2027-01-31, or for 14d; never takes that back')
    .option('--comment <text>', 'what is to stand with each of them')
    .option('--yes', 'do it without asking');
  command
    .addHelpText(
      'after',
      `${HUB_NOTES}${TRIAGE_NOTES}${examplesText('triage', [
        "'control:host-pid namespace:monitoring' --assign ann --acknowledge",
        "5f3a9c1b2d4e --defer-until 14d --comment 'waits for the new agent'",
      ])}`,
    )
    .action((words: string[]) =>
      choose(async (io) =>
        (await import('./commands/decide.ts')).runTriage(words, command.optsWithGlobals<TriageFlags>(), io),
      ),
    );
}

function examplesText(name: string, examples: readonly string[]): string {
  return `\n\nExamples:\n${examples.map((example) => `  $ bulwark ${name} ${example}`.trimEnd()).join('\n')}`;
}

const ADD_NOTES = `
The exception covers what the query finds now, and nothing that comes later. It is said what that is, and asked for a yes
where there is a terminal; --yes does not ask.

Example:
  $ bulwark exceptions add 'control:host-pid namespace:monitoring' --reason 'the node agent needs it' --until 2027-01-31`;

/** What is below `bulwark exceptions` and asks a hub. */
export function addExceptions(exceptions: Command, choose: (action: Action) => void): void {
  const load = () => import('./commands/decide.ts');
  const list = addListOptions(exceptions.command('list').description(EXCEPTION_LIST.about), EXCEPTION_LIST);
  list.action((words: string[]) =>
    choose(async (io) =>
      (await import('./commands/ask.ts')).runAsk(
        { ...EXCEPTION_LIST, name: 'exceptions' },
        { words, flags: list.optsWithGlobals(), io },
      ),
    ),
  );
  const add = addHubOptions(
    exceptions
      .command('add')
      .description('Accept on a hub what a query finds now.')
      .argument('<query...>', 'which findings; words are put together'),
  )
    .requiredOption('--reason <text>', 'why they are accepted')
    .option('--owner <text>', 'who answers for it')
    .option('--until <day>', 'the last day on which it holds, as 2027-01-31')
    .option('--yes', 'do it without asking');
  add
    .addHelpText('after', ADD_NOTES)
    .action((words: string[]) =>
      choose(async (io) => (await load()).runExceptionAdd(words, add.optsWithGlobals(), io)),
    );
  for (const [name, about, run] of [
    [
      'approve',
      'Approve on a hub what somebody else, or an annotation, has asked for.',
      'runExceptionApprove',
    ],
    ['refuse', 'Refuse on a hub what somebody else, or an annotation, has asked for.', 'runExceptionRefuse'],
    ['remove', 'End an exception of a hub, or withdraw what was asked for.', 'runExceptionRemove'],
  ] as const) {
    const command = addHubOptions(exceptions.command(name).description(about)).addArgument(
      new Argument('<number>', 'its number, as list says').argParser(positive),
    );
    if (name === 'refuse') command.option('--reason <text>', 'why, for who has asked');
    command.action((id: number) =>
      choose(async (io) => (await load())[run](id, command.optsWithGlobals(), io)),
    );
  }
}

/** What every list takes, and what this one does. */
function addListOptions(command: Command, { fields, sorts, times = [], examples }: AskCommand): Command {
  if (fields !== undefined) command.argument('[query...]', 'what to find; words are put together');
  addHubOptions(command).addOption(
    new Option('-f, --format <format>', 'what to print').choices(['pretty', 'json', 'jsonl', 'csv']),
  );
  if (sorts !== undefined)
    command.option('--sort <field>', `${sorts.join(', ')}; - before it turns the order round`);
  command
    .option('--limit <number>', 'how many at most', positive)
    .option('--all', 'all of them')
    .option('--strict', 'exit with 3 when a cluster is stale or not seen completely')
    .option('--no-color', 'no colours (also: NO_COLOR)');
  if (times.includes('asOf')) command.option('--as-of <time>', AS_OF);
  if (times.includes('since')) command.option('--since <time>', 'only what came after');
  const path =
    command.parent?.parent === null ? command.name() : `${command.parent?.name()} ${command.name()}`;
  return command.addHelpText('after', `${HUB_NOTES}${LIST_NOTES}${examplesText(path, examples)}`);
}

function addReportOptions(command: Command): void {
  command
    .argument('[framework]', 'its requirements; the frameworks without one')
    .addOption(
      new Option(
        '--report <format>',
        'in place of the list the report for an auditor: coverage, verdicts, evidence, exceptions',
      ).choices(['html', 'json']),
    )
    .option('--output <file>', 'with --report: where it goes (default: -, standard output)');
}

function addFindingOptions(command: Command): void {
  command
    .addOption(
      new Option('--by <what>', 'groups instead of findings').choices([
        'control',
        'workload',
        'namespace',
        'owner',
      ]),
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when one is found that is at least so severe').choices(
        SEVERITY_NAMES,
      ),
    );
}

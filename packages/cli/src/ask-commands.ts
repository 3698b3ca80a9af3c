import { Argument, type Command, Option } from 'commander';
import { positive, SEVERITY_NAMES } from './command-options.ts';
import type { ListName } from './commands/ask.ts';
import type { ListFlags, TriageFlags } from './flags.ts';
import type { Action } from './io.ts';

/** The options that say which hub; `bulwark` takes them before a command as well. */
export function addHubOptions(command: Command): Command {
  return command
    .option('--hub <url>', 'the hub to ask (also: BULWARK_HUB); BULWARK_HUB_TOKEN holds the token')
    .option('--ca <file>', 'the authority that vouches for the certificate of the hub');
}

const ASK_NOTES = `
The hub is named by --hub or BULWARK_HUB, and its token by BULWARK_HUB_TOKEN, in no option: other users of the machine see
those. What begins with - in a query goes after --. For people the first 25 are shown, for programs all.
Exit codes, the first that applies: 2 usage error, or the hub cannot be asked, 1 findings at or above --fail-on,
3 with --strict when a cluster is stale or not seen completely, 0.`;

interface AskCommand {
  readonly name: ListName;
  readonly about: string;
  /** Such queries, for examples; none where the list takes no query. */
  readonly queries: readonly string[];
  /** Whether it knows the past. */
  readonly isTimed: boolean;
}

const COMMANDS: readonly AskCommand[] = [
  {
    name: 'findings',
    about: 'Ask a hub for findings: open ones, unless the query asks for another state.',
    queries: ["'severity:>=high namespace:pay*'", '--by owner', "--as-of 7d -f csv 'owner:none'"],
    isTimed: true,
  },
  {
    name: 'workloads',
    about: 'Ask a hub for what runs pods.',
    queries: ["'image:*nginx* environment:production'"],
    isTimed: true,
  },
  {
    name: 'namespaces',
    about: 'Ask a hub for namespaces, and which Pod Security level each could enforce.',
    queries: ["'owner:none'"],
    isTimed: true,
  },
  {
    name: 'changes',
    about: 'Ask a hub for changes, newest first, and who made them.',
    queries: ["--since 1d 'namespace:pay*'"],
    isTimed: true,
  },
  {
    name: 'coverage',
    about: 'Ask a hub what it has not seen or judged.',
    queries: ['kind:lost'],
    isTimed: false,
  },
  {
    name: 'clusters',
    about: 'Ask a hub for its clusters, and how much of each is seen.',
    queries: [],
    isTimed: false,
  },
];

/** The commands that ask a hub over its API. */
export function addAsk(program: Command, choose: (action: Action) => void): void {
  for (const { name, about, queries, isTimed } of COMMANDS) {
    const command = addListOptions(program.command(name).description(about), isTimed);
    if (queries.length > 0) command.argument('[query...]', 'what to find; words are put together');
    if (name === 'findings') addFindingOptions(command);
    const examples = (queries.length > 0 ? queries : ['']).map((query) =>
      `  $ bulwark ${name} ${query}`.trimEnd(),
    );
    command
      .addHelpText('after', `${ASK_NOTES}\n\nExamples:\n${examples.join('\n')}`)
      .action((...given: unknown[]) => {
        const words = queries.length > 0 ? (given[0] as string[]) : [];
        const flags = command.optsWithGlobals<ListFlags & TriageFlags>();
        choose(async (io) =>
          flags.assign === undefined && flags.acknowledge === undefined
            ? (await import('./commands/ask.ts')).runAsk(name, words, flags, io)
            : (await import('./commands/decide.ts')).runTriage(words, flags, io),
        );
      });
  }
}

const ADD_NOTES = `
The exception covers what the query finds now, and nothing that comes later. Without --yes it only says what that is.

Example:
  $ bulwark exceptions add 'control:host-pid namespace:monitoring' --reason 'the node agent needs it' --until 2027-01-31`;

/** What is below `bulwark exceptions` and asks a hub. */
export function addExceptions(exceptions: Command, choose: (action: Action) => void): void {
  const load = () => import('./commands/decide.ts');
  const list = addListOptions(
    exceptions.command('list').description('Ask a hub for its exceptions, and what each covers.'),
    false,
  ).argument('[query...]', 'what to find, such as state:active until:<now+30d');
  list
    .addHelpText('after', ASK_NOTES)
    .action((words: string[]) =>
      choose(async (io) =>
        (await import('./commands/ask.ts')).runAsk('exceptions', words, list.optsWithGlobals(), io),
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
    .option('--yes', 'do it, instead of saying what would be done');
  add
    .addHelpText('after', ADD_NOTES)
    .action((words: string[]) =>
      choose(async (io) => (await load()).runExceptionAdd(words, add.optsWithGlobals(), io)),
    );
  for (const [name, about, run] of [
    ['approve', 'Approve on a hub what somebody else has asked for.', 'runExceptionApprove'],
    ['remove', 'End an exception of a hub, or refuse what was asked for.', 'runExceptionRemove'],
  ] as const) {
    const command = addHubOptions(exceptions.command(name).description(about)).addArgument(
      new Argument('<number>', 'its number, as list says').argParser(positive),
    );
    command.action((id: number) =>
      choose(async (io) => (await load())[run](id, command.optsWithGlobals(), io)),
    );
  }
}

/** What every list takes. */
export function addListOptions(command: Command, isTimed: boolean): Command {
  addHubOptions(command)
    .addOption(
      new Option('-f, --format <format>', 'what to print').choices(['pretty', 'json', 'jsonl', 'csv']),
    )
    .option('--sort <field>', 'what to sort by; - before it turns the order round')
    .option('--limit <number>', 'how many at most', positive)
    .option('--all', 'all of them')
    .option('--strict', 'exit with 3 when a cluster is stale or not seen completely')
    .option('--no-color', 'no colours (also: NO_COLOR)');
  if (isTimed)
    command
      .option('--as-of <time>', 'as it was: 2026-11-20, 2026-11-20T10:00Z, or 3d for three days ago')
      .option('--since <time>', 'only what came after');
  return command;
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
    )
    .option('--assign <user>', 'assign all that the query finds; nobody takes it from everybody')
    .option('--acknowledge', 'say of all that the query finds that somebody has seen it')
    .option('--yes', 'with these two: do it, instead of saying what would be done');
}

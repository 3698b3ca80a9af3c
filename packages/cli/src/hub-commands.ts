import { Argument, type Command, Option } from 'commander';
import { list, positive } from './command-options.ts';
import type { BackupFlags, HubFlags, TokenFlags, UserFlags } from './flags.ts';
import { addSettings, settingNotes } from './hub-settings/options.ts';
import { DATABASE_SETTINGS, SETTING_NAMES, type SettingName } from './hub-settings/settings.ts';
import type { Action } from './io.ts';

/** As the API has them; its schemas take time to load, which the help needs not. A test compares. */
const ROLE_NAMES = ['admin', 'editor', 'viewer', 'ci', 'audit-log', 'metrics'];
const ROLES_OF_PEOPLE = ['viewer', 'editor', 'admin'];
const USUAL_DAYS = 90;

const HUB_NOTES = `
${settingNotes('databaseUrl')} --no-demo and --no-secrets
undo what those say. The hub writes nothing to a cluster. Without --database-url it runs a PostgreSQL of its own.

Examples:
  $ bulwark hub
  $ bulwark hub --context prod --context staging
  $ bulwark hub --database-url postgres://... --listen 0.0.0.0:8420 --tls-cert tls.crt --tls-key tls.key`;

/** `bulwark hub` and what is below it: all of it on the machine of the hub. */
export function addHub(program: Command, choose: (action: Action) => void): void {
  const hub = program
    .command('hub')
    .description('Watch clusters, judge them all the time, and show it in a web page.');
  addSettings(hub, SETTING_NAMES)
    .addHelpText('after', HUB_NOTES)
    .action((flags: HubFlags) => choose(async (io) => (await import('./commands/hub.ts')).runHub(flags, io)));
  const load = () => import('./commands/hub-backup.ts');
  addSettings(
    hub.command('backup').description('Save everything that the hub knows.').argument('<file>'),
    DATABASE_SETTINGS,
  )
    .option('--force', 'replace a file that is there')
    .action((file: string, _flags: BackupFlags, command: Command) =>
      choose(async (io) => (await load()).runHubBackup(file, command.optsWithGlobals(), io)),
    );
  addSettings(
    hub.command('restore').description('Put a backup back, into an empty database.').argument('<file>'),
    DATABASE_SETTINGS,
  ).action((file: string, _flags: HubFlags, command: Command) =>
    choose(async (io) => (await load()).runHubRestore(file, command.optsWithGlobals(), io)),
  );
  addTokens(hub, choose);
  addUsers(hub, choose);
}

const TOKEN_NOTES = `
This is for whoever may read the database: on the machine of the hub, running or not, or with --database-url. The token goes
to standard output, all else to standard error. BULWARK_HUB_TOKEN hands it to scan --record and to commands with --hub.

Examples:
  $ bulwark hub token create "shop pipeline" --role ci --days 365
  $ bulwark hub token create dashboard --role viewer --namespace shop,pay`;

function addTokens(hub: Command, choose: (action: Action) => void): void {
  const load = () => import('./commands/hub-token.ts');
  const tokens = hub.command('token').description('Make and end tokens of the API, without the page.');
  addSettings(
    tokens.command('create').description('Make a token; it is printed this once.').argument('<label>'),
    DATABASE_SETTINGS,
  )
    .addOption(roleOption(ROLE_NAMES))
    .option('--days <number>', 'how long it is good, at most 366', positive, USUAL_DAYS)
    .option('--cluster <name>', 'only for these clusters', list)
    .option(
      '-n, --namespace <name>',
      'only for these namespaces; * stands for any characters, in those that come later too',
      list,
    )
    .addHelpText('after', TOKEN_NOTES)
    .action((label: string, _flags: TokenFlags, command: Command) =>
      choose(async (io) => (await load()).runTokenCreate(label, command.optsWithGlobals(), io)),
    );
  addSettings(
    tokens.command('list').description('List tokens, never what they are.'),
    DATABASE_SETTINGS,
  ).action((_flags: HubFlags, command: Command) =>
    choose(async (io) => (await load()).runTokenList(command.optsWithGlobals(), io)),
  );
  addSettings(
    tokens
      .command('revoke')
      .description('End a token.')
      .addArgument(new Argument('<number>', 'its number, as list says').argParser(positive)),
    DATABASE_SETTINGS,
  ).action((id: number, _flags: HubFlags, command: Command) =>
    choose(async (io) => (await load()).runTokenRevoke(id, command.optsWithGlobals(), io)),
  );
}

function roleOption(names: readonly string[]): Option {
  return new Option('--role <role>', 'what may be done').choices(names).makeOptionMandatory();
}

/** Settings that say where browsers find the hub, for links. */
const LINK_SETTINGS: readonly SettingName[] = [...DATABASE_SETTINGS, 'listen', 'publicUrl'];

function addUsers(hub: Command, choose: (action: Action) => void): void {
  const load = () => import('./commands/hub-user.ts');
  const users = hub.command('user').description('Add users, and let them in, without the page.');
  addSettings(
    users
      .command('create')
      .description('Add a user, and print the link that signs them in, once, within a day.')
      .argument('<label>'),
    LINK_SETTINGS,
  )
    .addOption(roleOption(ROLES_OF_PEOPLE))
    .option('--cluster <name>', 'only for these clusters', list)
    .option(
      '-n, --namespace <name>',
      'only for these namespaces; * stands for any characters, in those that come later too',
      list,
    )
    .action((name: string, _flags: UserFlags, command: Command) =>
      choose(async (io) => (await load()).runUserCreate(name, command.optsWithGlobals(), io)),
    );
  addSettings(
    users
      .command('link')
      .description('Print a new link that signs a user in, once, within a day: for who is locked out.')
      .argument('<label>'),
    LINK_SETTINGS,
  ).action((name: string, _flags: HubFlags, command: Command) =>
    choose(async (io) => (await load()).runUserLink(name, command.optsWithGlobals(), io)),
  );
}

import { CONTROLS, FRAMEWORKS } from '@bulwark/controls';
import { REPORT_FORMATS } from '@bulwark/formats';
import { applyBatch } from '@bulwark/store';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCluster, finding, NOW, resource } from '../ask/asked-hub.testing.ts';
import { buildProgram } from '../command-line.ts';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';
import { joinBashWords } from './bash-words.ts';
import { completionOf } from './candidates.ts';

const program = buildProgram('1.2.3', () => undefined);
const FORMATS = REPORT_FORMATS.map(({ id }) => id);

/** What is offered after `line`, whose last word, perhaps empty, is being typed; a number stands for files. */
async function offered(line: string): Promise<readonly string[] | number> {
  const completion = await completionOf(program, line.split(' '), {
    controls: async () => CONTROLS,
    values: async () => undefined,
  });
  return completion.kind === 'files' ? completion.skip : completion.candidates.map(({ value }) => value);
}

describe('completion', () => {
  it.each<[string, readonly string[] | number]>([
    ['sc', ['scan']],
    ['help sc', ['scan']],
    ['scan --form', ['--format']],
    ['scan -f', ['-f']],
    ['scan --format js', ['json']],
    ['scan -f sar', ['sarif']],
    ['scan --format=js', ['--format=json']],
    ['scan --profile=', ['--profile=default', '--profile=strict', '--profile=all']],
    ['scan --fail-on cr', ['critical']],
    ['scan -o js', ['json=']],
    ['scan -o json=', 'json='.length],
    ['scan --output=json=rep', '--output=json='.length],
    ['scan --framework pss-', ['pss-baseline', 'pss-restricted']],
    ['scan --framework pss-baseline,pss-r', ['pss-baseline,pss-restricted']],
    ['scan --control=host-ipc,host-pi', ['--control=host-ipc,host-pid']],
    ['scan --exclude trivy:KSV-0010', ['trivy:KSV-0010']],
    ['scan --kubernetes-version 1.36', ['1.36']],
    ['scan --config ', 0],
    ['scan ', 0],
    ['scan deploy/ other', 0],
    ['scan --strict ', 0],
    ['scan -- --form', 0],
    ['scan --namespace pay', []],
    ['scan --threads ', []],
    ['scan --nonsense=', []],
    ['explain host-pi', ['host-pid']],
    ['explain host-pid ', []],
    ['frameworks pss-b', ['pss-baseline']],
    ['exceptions ', ['audit', 'list', 'add', 'approve', 'refuse', 'remove', 'help']],
    ['--hub https://hub.example.com findi', ['findings', 'finding']],
    ['findings sev', ['severity:']],
    ['findings severity:>=hi', ['severity:>=high']],
    ['findings namespace:pay severity:cr', ['severity:critical']],
    ['workloads service', ['service-account:']],
    ['changes verb:del', ['verb:deleted']],
    ['exceptions add fixable:', ['fixable:yes', 'fixable:no']],
    ['findings -f js', ['json', 'jsonl']],
    ['findings --by ow', ['owner']],
    ['coverage kind:', ['kind:lost', 'kind:note']],
    ['exceptions list state:act', ['state:active']],
    ['clusters ', []],
    ['queue assign', ['assignee:']],
    ['nodes lab', ['label:']],
    ['secrets used:', ['used:yes', 'used:no']],
    ['builds verdict:pa', ['verdict:passed']],
    ['triage fingerp', ['fingerprint:']],
    ['compliance pss-b', ['pss-baseline']],
    ['compliance pss-baseline ', []],
    ['owners --clu', ['--cluster']],
    ['findings --sort sev', ['severity']],
    ['findings --sort -se', ['-severity']],
    ['exceptions list --sort cov', ['covers']],
    ['exceptions audit ', 0],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['completion bash ', []],
    ['nonsense', []],
  ])('of "%s"', async (line, values) => {
    expect(await offered(line)).toEqual(values);
  });

  it('offers every command and every option of every command, as help does', async () => {
    const commands = (command: Command): readonly Command[] => command.createHelp().visibleCommands(command);
    const all = commands(program).map((command) => command.name());

    expect(await offered('')).toEqual(all);
    expect(all).toEqual(expect.arrayContaining(['scan', 'init', 'completion', 'help']));
    for (const command of program.commands)
      expect(await offered(`${command.name()} --`)).toEqual(
        command
          .createHelp()
          .visibleOptions(command)
          .map(({ long }) => long),
      );
  });

  it('offers every control, framework and format', async () => {
    expect(await offered('scan --control ')).toEqual(CONTROLS.map(({ id }) => id));
    expect(await offered('scan --framework ')).toEqual(FRAMEWORKS.map(({ id }) => id));
    expect(await offered('scan --format ')).toEqual(FORMATS);
  });

  it('knows what each option with a value takes', async () => {
    const FREE_TEXT = [
      '--namespace',
      '--threads',
      '--max-file-size',
      '--context',
      '--insecure-skip-tls-verify',
      '--database-url',
      '--listen',
      '--behind-proxy',
      '--public-url',
      '--retention',
      '--owner-keys',
      '--contact-keys',
      '--environment-keys',
      '--criticality-keys',
      '--hub',
      '--image',
      '--limit',
      '--as-of',
      '--since',
      '--assign',
      '--defer-until',
      '--comment',
      '--cluster',
      '--reason',
      '--owner',
      '--until',
      '--audit-log',
    ];
    const commands = [...program.commands, ...program.commands.flatMap(({ commands: inner }) => inner)];
    const options = commands.flatMap((command) =>
      command.options.filter(({ required }) => required).map(({ long }) => ({ command, long: long ?? '' })),
    );
    const unknown: string[] = [];
    for (const { command, long } of options) {
      const names =
        command.parent === program ? command.name() : `${command.parent?.name()} ${command.name()}`;
      const values = await offered(`${names} ${long} `);
      if (typeof values !== 'number' && values.length === 0) unknown.push(long);
    }

    expect(options.length).toBeGreaterThan(20);
    expect(unknown.filter((long) => !FREE_TEXT.includes(long))).toEqual([]);
  });

  it('says what each candidate is, to shells that show it', async () => {
    const { out } = await bulwark(['completion', 'fish', '--', 'explain', 'host-pi'], '/');

    expect(out).toBe(`host-pid\t${CONTROLS.find(({ id }) => id === 'host-pid')?.title ?? ''}\n`);
  });

  it.each([
    ['--format=js', ['scan', '--format', '=', 'js'], 'json\n'],
    ['an alias', ['explain', 'trivy', ':', 'KSV-0010'], 'KSV-0010\n'],
    ['a value that is not begun', ['scan', '--profile', '='], 'default\nstrict\nall\n'],
    ['a word that bash left whole', ['explain', 'trivy:KSV-0010'], 'trivy:KSV-0010\n'],
    ['a file', ['scan', '-o', 'json', '=', 're'], ':files 5\n'],
    ['a quotation that must stay open', ['findings', "'severi"], 'severity:\nseverity:…\n'],
    ['a quotation', ['findings', "'fixable:no severity:>=hi"], 'fixable:no severity:>=high\n'],
  ])('gives bash only what is missing of %s', async (_name, words, out) => {
    expect((await bulwark(['completion', 'bash', '--', ...words], '/')).out).toBe(out);
  });

  it.each<[readonly string[], readonly string[], number]>([
    [['a', 'b'], ['a', 'b'], 0],
    [['--x', '=', ''], ['--x='], 4],
    [['--x', '=', 'y', ''], ['--x=y', ''], 0],
    [['a', ':', 'b', '=', 'c'], ['a:b=c'], 4],
    [['a:b'], ['a:b'], 0],
    [[':', 'a'], [':a'], 1],
  ])('joins what bash divided: %j', (parts, words, lead) => {
    expect(joinBashWords(parts)).toEqual({ words, lead });
  });

  it(
    'offers the values that a hub has, and does without a hub that is away',
    async () => {
      const hub = await ListeningHub.start();
      try {
        const env = await hub.variables('viewer');
        const cluster = await addCluster(hub, 'prod', 'live', { kinds: [] });
        await applyBatch(hub.store, cluster, {
          at: NOW,
          removed: [],
          resolved: [],
          resources: [resource('pay', 'ledger')],
          findings: [finding('pay', 'ledger')],
        });
        const typed = ['completion', 'fish', '--', 'findings', 'severity:high', 'namespace:pa'];

        expect((await bulwark(typed, '/', { env })).out).toBe('namespace:pay\n');
        const named = ['--', '--hub', hub.url, ...typed.slice(3)];
        expect((await bulwark(['completion', 'fish', ...named], '/', { env })).out).toBe('');
        for (const away of [{ PATH: '' }, { ...env, BULWARK_HUB: 'http://127.0.0.1:1' }])
          expect((await bulwark(typed, '/', { env: away })).out).toBe('');
      } finally {
        await hub.stop();
      }
    },
    HUB_WITHIN_MS,
  );
});

import { chmodSync, cpSync } from 'node:fs';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { type Ended, isInstalled, runProgram } from './packed.ts';

/** The product on the path, as `bulwark`, beside a manifest in the working directory. */
const folder: FileTree = writeTree({
  'bin/bulwark': '#!/bin/sh\nexec node "$(dirname "$0")/../dist/bulwark.js" "$@"\n',
  'work/deploy.yaml': '',
});
cpSync('dist', folder.path('dist'), { recursive: true });
chmodSync(folder.path('bin/bulwark'), 0o755);
afterAll(() => folder.remove());

const [hasZsh, hasFish] = await Promise.all(['zsh', 'fish'].map(isInstalled));

function shell(program: string, script: string, args: readonly string[] = []): Promise<Ended> {
  const path = `${folder.path('bin')}:${process.env['PATH'] ?? ''}`;
  return runProgram(program, ['-c', script, program, ...args], {
    cwd: folder.path('work'),
    env: { PATH: path, LC_ALL: 'C.UTF-8' },
  });
}

describe('completion in bash', () => {
  /** Calls the function that bash calls, with the variables that bash sets, and prints what it offers. */
  const DRIVER = `
source <(bulwark completion bash)
[[ $(complete -p bulwark) == *'-o default'*'-F _bulwark bulwark' ]] || exit 9
COMP_WORDS=(bulwark "$@") COMP_CWORD=$#
_bulwark bulwark "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;

  it.each<[string, readonly string[], readonly string[]]>([
    ['commands', ['expl'], ['explain']],
    ['commands from nothing typed', ['hub', 'token', ''], ['create', 'list', 'revoke', 'help']],
    ['a field of a query', ['findings', 'sev'], ['severity:']],
    ['its value after a colon', ['findings', 'severity', ':', 'cr'], ['critical']],
    ['options', ['scan', '--min'], ['--min-severity']],
    ['choices', ['scan', '--profile', ''], ['default', 'strict', 'all']],
    ['a value after =, at which bash divides words', ['scan', '--format', '=', 'jun'], ['junit']],
    [
      'an alias with a colon, at which bash divides words',
      ['explain', 'trivy', ':', 'KSV-0010'],
      ['KSV-0010'],
    ],
    ['one control after another', ['scan', '--control', 'host-ipc,host-pi'], ['host-ipc,host-pid']],
    ['nothing where files are meant, which readline completes', ['scan', 'dep'], ['']],
    ['nothing that a shell would run', ['scan', '--control', '$(touch ran)`touch ran`"'], ['']],
  ])('offers %s', async (_what, words, offered) => {
    const { stdout, stderr, status } = await shell('bash', DRIVER, words);

    expect(stdout.split('\n').slice(0, -1)).toEqual(offered);
    expect([stderr, status]).toEqual(['', 0]);
    expect((await shell('bash', 'ls')).stdout).toBe('deploy.yaml\n');
  });
});

describe('completion in zsh', () => {
  /** Calls the function that zsh calls; what it would hand to zsh's own functions is printed. */
  const DRIVER = `
compdef() { print -r -- "compdef $*"; }
_describe() { local name=$4; print -rl -- "\${(@P)name}"; [[ $# -gt 4 ]] && print -r -- "$5 '$6'"; }
compset() { print -r -- "compset $*"; }
_files() { print files; }
source <(bulwark completion zsh)
words=(bulwark "$@") CURRENT=$(( $# + 1 ))
_bulwark`;

  it.skipIf(!hasZsh).each<[string, readonly string[], readonly string[]]>([
    ['commands', ['ver'], ['version']],
    ['choices', ['scan', '--profile', 's'], ['strict']],
    ['an alias, its colon marked as text', ['explain', 'trivy:KSV-0010'], ['trivy\\:KSV-0010']],
    ['a format that goes on', ['scan', '-o', 'js'], ['json=', "-S ''"]],
    ['files', ['scan', ''], ['compset -p 0', 'files']],
    ['files after a format', ['scan', '-o', 'json=r'], ['compset -p 5', 'files']],
  ])('offers %s (needs zsh)', async (_what, words, offered) => {
    const { stdout, stderr } = await shell('zsh', DRIVER, words);
    const [defined, ...lines] = stdout.split('\n').slice(0, -1);

    // What is said about a candidate belongs to the catalogue.
    const shown = lines.map((line) => line.replace(/([^\\]):.*/, '$1'));
    expect([defined, shown]).toEqual(['compdef _bulwark bulwark', offered]);
    expect(stderr).toBe('');
  });
});

describe('completion in fish', () => {
  const offers = async (line: string): Promise<string[]> => {
    const script = 'bulwark completion fish | source; complete -C "$argv[1]"';
    const { stdout, stderr } = await runProgram('fish', ['--no-config', '-c', script, line], {
      cwd: folder.path('work'),
      env: { PATH: `${folder.path('bin')}:${process.env['PATH'] ?? ''}` },
    });
    expect(stderr).toBe('');
    return stdout.split('\n').flatMap((candidate) => candidate.split('\t')[0] || []);
  };

  it.skipIf(!hasFish).each([
    ['bulwark ver', ['version']],
    ['bulwark scan --min', ['--min-severity']],
    ['bulwark scan --profile ', ['all', 'default', 'strict']],
    ['bulwark scan --format=jun', ['--format=junit']],
    ['bulwark explain trivy:KSV-0010', ['trivy:KSV-0010']],
    ['bulwark scan dep', ['deploy.yaml']],
    ['bulwark scan -o json=dep', ['json=deploy.yaml']],
  ])('offers what follows "%s" (needs fish)', async (line, offered) => {
    expect((await offers(line)).sort()).toEqual(offered);
  });
});

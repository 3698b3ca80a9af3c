import { arrayAt, containers, defineControl, get, mayBreak, stringAt } from '@bulwark/core';

const VARIABLES = new Set<unknown>(['GITSYNC_GIT', 'GIT_SYNC_GIT']);
const IMAGE = /(?:^|\/)git-sync(?=$|[:@])/;
const FLAG = /^--?git(?:=|$)/;

export const gitSyncInjection = defineControl({
  id: 'git-sync-injection',
  aliases: ['checkov:CKV_K8S_159'],
  title: 'The program git-sync must run the git of its own image',
  problem: 'let git-sync run another program than its git',
  message: 'Container {container} of {resource} names the program that git-sync runs as git, in {field}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'git-sync runs whatever this setting names, again and again, with the credentials of the repository at hand. It looks like plain configuration in a manifest, so a review and a policy about commands pass it by, and an attacker who can change it runs code.',
  remediation:
    'Remove the setting, so that git-sync runs git from its PATH. Where another git is needed, build it into an image.',
  references: ['https://github.com/kubernetes/git-sync'],
  attack: ['T1059'],
  fix: {
    ...mayBreak('Another git than that of the image is no longer used.'),
    edits: ({ path, facts }) => (facts['field'] === 'env' ? [{ op: 'remove', path }] : []),
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const [index, variable] of (arrayAt(container.spec, 'env') ?? []).entries())
      if (VARIABLES.has(get(variable, 'name'))) yield at(['env', index], { field: 'env' });
    if (!IMAGE.test(stringAt(container.spec, 'image') ?? '')) return;
    for (const field of ['command', 'args'])
      for (const [index, word] of (arrayAt(container.spec, field) ?? []).entries())
        if (typeof word === 'string' && FLAG.test(word)) yield at([field, index], { field });
  },
});

import { arrayAt, defineControl, kinds, mayBreak, valueAt } from '@bulwark/core';

/** Whether a beginning of texts covers more than it means to: it ends neither a part of a name nor the name. */
function isAmbiguous(entry: string): boolean {
  const last = entry.slice(entry.lastIndexOf('/') + 1);
  const isWhole = entry.includes('/') && /[:@]/.test(last);
  return entry !== '' && !entry.endsWith('/') && !isWhole;
}

export const gatekeeperAmbiguousPrefix = defineControl({
  id: 'gatekeeper-ambiguous-prefix',
  aliases: ['trivy:KSV-0124'],
  title: 'Prefixes of allowed repositories must end with a slash',
  problem: 'allow more repositories than they name',
  message: 'Entry {entry} of {resource} also allows every name that goes on after it.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Gatekeeper compares these entries as beginnings of a text. Without a slash at the end, registry.example.com allows registry.example.com.evil.net too, and example.com/team allows example.com/team-evil, which anybody may register.',
  remediation:
    'End each entry with a slash. Where one image is meant, name it with a colon or the digest at the end, or use K8sAllowedReposv2, which compares whole names.',
  references: ['https://open-policy-agent.github.io/gatekeeper-library/website/validation/allowedrepos/'],
  attack: ['T1525', 'T1195.002'],
  appliesTo: kinds('constraints.gatekeeper.sh/K8sAllowedRepos'),
  looks: 'object',
  reads: [],
  fix: {
    ...mayBreak('An entry that names one image no longer covers it.'),
    edits: ({ path }, { object }) => [{ op: 'set', path, value: `${String(valueAt(object, path))}/` }],
  },
  *evaluate({ resource, at }) {
    for (const [index, entry] of (arrayAt(resource.object, 'spec', 'parameters', 'repos') ?? []).entries())
      if (typeof entry === 'string' && isAmbiguous(entry))
        yield at(['spec', 'parameters', 'repos', index], { entry });
  },
});

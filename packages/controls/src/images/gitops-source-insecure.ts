import {
  arrayAt,
  defineControl,
  get,
  kinds,
  mayBreak,
  type ObjectView,
  type Path,
  valueAt,
} from '@bulwark/core';

const PLAIN = /^(?:http|git):\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:]+)/i;
/** Names that are resolved inside of the cluster or the machine. */
const INSIDE =
  /(?:\.svc(?:\.cluster\.local)?|\.local|\.internal|^localhost|^127\.0\.0\.1|^\[::1\])$|^[^.[]+$/i;

const SWITCHES: readonly Path[] = [
  ['spec', 'insecure'],
  ['spec', 'insecureSkipTLSVerify'],
];

function addressPlaces({ resource: { object, kind } }: ObjectView): readonly Path[] {
  if (kind === 'HelmChart') return [['spec', 'repo']];
  if (kind !== 'Application') return [['spec', 'url']];
  const sources = [...(arrayAt(object, 'spec', 'sources') ?? []).keys()];
  return [['spec', 'source', 'repoURL'], ...sources.map((index) => ['spec', 'sources', index, 'repoURL'])];
}

function isPlain(address: unknown): boolean {
  const [, host] = typeof address === 'string' ? (PLAIN.exec(address) ?? []) : [];
  return host !== undefined && !INSIDE.test(host);
}

export const gitopsSourceInsecure = defineControl({
  id: 'gitops-source-insecure',
  aliases: [],
  title: 'Sources of deployments must be fetched over a protected connection',
  problem: 'are fetched over an unprotected connection',
  message: '{resource} {how}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'What is fetched is applied, often with the rights of an administrator. Over plain HTTP or the git protocol, or with certificates that nobody checks, anyone on the way can replace it and so run what they like in the cluster.',
  remediation:
    'Use https or ssh, and remove the switch that turns the check of certificates off; give the authority of an own server in the field for it.',
  references: ['https://fluxcd.io/flux/components/source/gitrepositories/'],
  attack: ['T1557', 'T1195.002'],
  appliesTo: kinds(
    'argoproj.io/Application',
    'helm.cattle.io/HelmChart',
    'source.toolkit.fluxcd.io/Bucket',
    'source.toolkit.fluxcd.io/GitRepository',
    'source.toolkit.fluxcd.io/HelmRepository',
    'source.toolkit.fluxcd.io/OCIRepository',
  ),
  looks: 'object',
  reads: [],
  fix: {
    ...mayBreak('The server has to offer HTTPS with a certificate that the tool trusts.'),
    edits({ path }, { object }) {
      const value = valueAt(object, path);
      if (typeof value !== 'string') return [{ op: 'remove', path }];
      return [{ op: 'set', path, value: value.replace(/^\w+:/, 'https:') }];
    },
  },
  *evaluate(view) {
    const { object } = view.resource;
    for (const path of addressPlaces(view))
      if (isPlain(get(object, ...path))) yield view.at(path, { how: 'has an address without encryption' });
    for (const path of SWITCHES)
      if (get(object, ...path) === true) yield view.at(path, { how: 'turns the check of the server off' });
  },
});

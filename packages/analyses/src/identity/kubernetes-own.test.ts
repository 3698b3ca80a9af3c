import { readFileSync } from 'node:fs';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { hasKubernetesOwnRole, isKubernetesOwnBinding, isKubernetesOwnRole } from './kubernetes-own.ts';

const LABEL = 'kubernetes.io/bootstrapping: rbac-defaults';
const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-';

function role(name: string, rules: string, { kind = 'ClusterRole', namespace = '', labels = LABEL } = {}) {
  return isOwn(
    `kind: ${kind}\nmetadata: {name: "${name}", namespace: "${namespace}", labels: {${labels}}}\nrules: [${rules}]\n`,
  );
}

function rule(verbs: string, resources: string, groups = '""', rest = '') {
  return `{apiGroups: [${groups}], resources: [${resources}], verbs: [${verbs}]${rest}}`;
}

function binding(name: string, boundRole: string, subjects: string, labels = LABEL, rest = '') {
  const kind = rest === '' ? 'Cluster' : '';
  return isOwn(
    `kind: ${kind}RoleBinding\nmetadata: {name: "${name}", labels: {${labels}}${rest}}\n` +
      `roleRef: {kind: ${kind}Role, name: "${boundRole}"}\nsubjects: [${subjects}]\n`,
  );
}

function isOwn(yaml: string): boolean {
  const [resource] = resourcesOf(`apiVersion: rbac.authorization.k8s.io/v1\n${yaml}`);
  if (resource === undefined) throw new Error('a resource');
  return resource.kind.endsWith('Binding') ? isKubernetesOwnBinding(resource) : isKubernetesOwnRole(resource);
}

describe('what an API server of 1.34 makes', () => {
  const made = resourcesOf(
    readFileSync(new URL('bootstrap-policy-1.34.yaml', import.meta.url), { encoding: 'utf8' }),
  );

  it('is all known as its own', () => {
    const unknown = made.filter((each) =>
      each.kind.endsWith('Binding') ? !isKubernetesOwnBinding(each) : !isKubernetesOwnRole(each),
    );

    expect(made).toHaveLength(131);
    expect(unknown.map(({ key }) => key)).toEqual([]);
  });
});

describe('a role', () => {
  it.each([
    ['a name that begins as those of Kubernetes', role('system:plain', rule('"*"', '"*"', '"*"'))],
    ['no label', role('system:discovery', '', { labels: '' })],
    ['another namespace', role('system:controller:token-cleaner', '', { kind: 'Role', namespace: 'web' })],
    ['the other kind', role('system:controller:token-cleaner', '')],
    ['every verb', role('system:discovery', rule('"*"', 'leases'))],
    ['every group', role('system:discovery', rule('get', 'leases', '"*"'))],
    ['every resource', role('system:discovery', rule('get', '"*"'))],
    ['the paths of logs', role('system:discovery', '{nonResourceURLs: ["*"], verbs: [get]}')],
    ['secrets', role('system:basic-user', rule('get', 'secrets'))],
    ['commands in pods', role('system:basic-user', rule('create', 'pods/exec'))],
    ['pods', role('system:basic-user', rule('create', 'pods'))],
    ['escalate', role('system:basic-user', rule('escalate', 'roles', 'rbac.authorization.k8s.io'))],
    ['more verbs', role('system:node', rule('"create", list, delete', 'secrets'))],
    [
      'more groups',
      role('system:controller:horizontal-pod-autoscaler', rule('get', '"*"', 'custom.metrics.k8s.io, ""')),
    ],
    [
      'another signer',
      role(
        'system:controller:certificate-controller',
        rule('approve', 'signers', 'certificates.k8s.io', ', resourceNames: [kubernetes.io/kubelet-serving]'),
      ),
    ],
    [
      'every signer',
      role('system:controller:certificate-controller', rule('sign', 'signers', 'certificates.k8s.io')),
    ],
    [
      'the rules of others',
      isOwn(
        `kind: ClusterRole\nmetadata: {name: "system:discovery", labels: {${LABEL}}}\naggregationRule: {clusterRoleSelectors: [{}]}\n`,
      ),
    ],
    ['rules of its own in view', role('view', rule('get', 'secrets'))],
    [
      'a label that adds it to edit',
      role('system:discovery', '', { labels: `${LABEL}, ${AGGREGATE}edit: "true"` }),
    ],
  ])('with %s is not taken for one of Kubernetes', (_, own) => {
    expect(own).toBe(false);
  });

  it.each([
    ['less than by itself', role('system:node', rule('get', 'secrets'))],
    ['reading more of what tells nothing', role('system:node', rule('get, list', 'leases'))],
    ['fewer names', role('system:node', rule('get', 'secrets', '""', ', resourceNames: [one]'))],
    ['the label of its aggregation', role('view', '', { labels: `${LABEL}, ${AGGREGATE}edit: "true"` })],
    ['what only other versions give it', role('system:kube-scheduler', rule('create, update', 'endpoints'))],
  ])('with %s stays one of Kubernetes', (_, own) => {
    expect(own).toBe(true);
  });

  it('is known in files by its name and namespace', () => {
    expect(hasKubernetesOwnRole('kube-system', 'extension-apiserver-authentication-reader')).toBe(true);
    expect(hasKubernetesOwnRole('web', 'extension-apiserver-authentication-reader')).toBe(false);
  });
});

describe('a binding', () => {
  const EVERYBODY = '{kind: Group, name: "system:authenticated"}';
  const SIGNER = '{kind: ServiceAccount, namespace: kube-system, name: bootstrap-signer}';
  const SIGNERS = 'system:controller:bootstrap-signer';

  it.each([
    ['a name that begins as those of Kubernetes', binding('system:all', 'edit', EVERYBODY)],
    ['no label', binding('system:discovery', 'system:discovery', EVERYBODY, '')],
    ['another role', binding('system:discovery', 'edit', EVERYBODY)],
    [
      'a further subject',
      binding('system:discovery', 'system:discovery', `${EVERYBODY}, {kind: User, name: "system:anonymous"}`),
    ],
    [
      'the account of another namespace',
      binding(SIGNERS, SIGNERS, SIGNER.replace('kube-system', 'web'), LABEL, ', namespace: kube-system'),
    ],
    ['another namespace', binding(SIGNERS, SIGNERS, SIGNER, LABEL, ', namespace: web')],
    ['what is no subject', binding('system:discovery', 'system:discovery', 'text')],
  ])('with %s is not taken for one of Kubernetes', (_, own) => {
    expect(own).toBe(false);
  });

  it.each([
    ['its role and subjects', binding('system:discovery', 'system:discovery', EVERYBODY)],
    ['fewer subjects', binding('system:discovery', 'system:discovery', '')],
    ['its namespace', binding(SIGNERS, SIGNERS, SIGNER, LABEL, ', namespace: kube-public')],
  ])('with %s is one of Kubernetes', (_, own) => {
    expect(own).toBe(true);
  });
});

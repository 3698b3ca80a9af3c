import { describe, expect, it } from 'vitest';
import { isControlPlane } from './control-plane.ts';
import { auditEvent } from './event.testing.ts';
import { momentOf, readAuditEvent } from './write.ts';

function writeOf(changes: Readonly<Record<string, unknown>>) {
  const reading = readAuditEvent(auditEvent(changes));
  return reading.kind === 'write' ? reading.write : undefined;
}

const CUSTOM = { resource: 'kafkas', namespace: 'shop', name: 'log', apiGroup: 'acme.io' };
const CONFIG = { resource: 'configmaps', namespace: 'shop', name: 'settings', apiVersion: 'v1' };

describe('an audit event', () => {
  it('names the object, the request and who made it', () => {
    expect(writeOf({})).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      auditId: 'a-1',
      effect: 'changed',
      isOfStatus: false,
      mayHaveFailed: false,
      group: 'apps',
      resource: 'deployments',
      namespace: 'shop',
      name: 'web',
      uid: undefined,
      before: undefined,
      after: undefined,
      received: Date.parse('2026-11-26T10:00:00.100Z'),
      done: Date.parse('2026-11-26T10:00:00.120Z'),
      manager: 'kubectl-patch',
      actor: {
        user: 'ann',
        groups: ['developers', 'system:authenticated'],
        impersonatedBy: null,
        address: '192.0.2.7',
        userAgent: 'kubectl/v1.34.0 (linux/amd64)',
      },
    });
  });

  it.each([
    ['create', { resource: 'namespaces', name: 'shop', apiVersion: 'v1' }],
    ['patch', { resource: 'namespaces', namespace: 'shop', name: 'shop', apiVersion: 'v1' }],
    ['update', { resource: 'namespaces', namespace: 'shop', name: 'shop', apiVersion: 'v1' }],
    ['delete', { resource: 'namespaces', namespace: 'shop', name: 'shop', apiVersion: 'v1' }],
  ])('of a Namespace (%s) is of one that lies in none, as the API server names it', (verb, objectRef) => {
    expect(writeOf({ verb, objectRef })).toMatchObject({
      resource: 'namespaces',
      namespace: '',
      name: 'shop',
    });
  });

  it.each([
    ['nothing', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?fieldManager=x', ''],
    ['nothing, by its name', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/shop', ''],
    ['nothing, named as what names a namespace', '/api/v1/nodes/namespaces/status', ''],
    ['a namespace', '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/a', 'shop'],
    ['a namespace, of the first group', '/api/v1/namespaces/shop/pods', 'shop'],
    ['a namespace, escaped', '/api/v1/name%73paces/shop/pods', 'shop'],
  ])('is of what lies in %s, by its address, whatever the object says', (_what, requestURI, namespace) => {
    const objectRef = { resource: 'things', namespace: 'shop', name: 'a' };
    expect(writeOf({ requestURI, objectRef })?.namespace).toBe(namespace);
  });

  it('names who is impersonated as the user, and who did it beside them', () => {
    const impersonatedUser = { username: 'bob', groups: ['payments'] };

    expect(writeOf({ impersonatedUser })?.actor).toMatchObject({
      user: 'bob',
      groups: ['payments'],
      impersonatedBy: 'ann',
    });
  });

  it.each([
    { name: 'a creation', event: { verb: 'create', responseStatus: { code: 201 } }, effect: 'created' },
    { name: 'a creation by server-side apply', event: { responseStatus: { code: 201 } }, effect: 'created' },
    { name: 'an update', event: { verb: 'update' }, effect: 'changed' },
    { name: 'a deletion', event: { verb: 'delete' }, effect: 'deleted' },
    {
      name: 'an eviction',
      event: {
        verb: 'create',
        responseStatus: { code: 201 },
        objectRef: { resource: 'pods', namespace: 'shop', name: 'web', subresource: 'eviction' },
      },
      effect: 'deleted',
    },
    {
      name: 'a change of the scale',
      event: { objectRef: { resource: 'deployments', namespace: 'shop', name: 'web', subresource: 'scale' } },
      effect: 'changed',
    },
  ])('of $name says that the object was $effect', ({ event, effect }) => {
    expect(writeOf(event)?.effect).toBe(effect);
  });

  it.each([
    { name: 'a request that was only received', event: { stage: 'RequestReceived' } },
    { name: 'a request that was refused', event: { responseStatus: { code: 403 } } },
    { name: 'a request without an answer', event: { responseStatus: undefined } },
    {
      name: 'what failed of a part of Kubernetes, which tries again',
      event: {
        user: { username: 'system:kube-controller-manager' },
        responseStatus: { code: 504 },
      },
    },
    { name: 'a read', event: { verb: 'get' } },
    { name: 'an unknown verb', event: { verb: 'constructor' } },
    { name: 'a dry run by its address', event: { requestURI: '/apis/x?fieldManager=m&dryRun=All' } },
    { name: 'a dry run by its escaped address', event: { requestURI: '/apis/x?dry%52un=A%6cl&dryRun=All' } },
    { name: 'a dry run by its body', event: { verb: 'delete', requestObject: { dryRun: ['All'] } } },
    {
      name: 'a report of status by a node',
      event: {
        user: { username: 'system:node:n1' },
        objectRef: { resource: 'pods', namespace: 'shop', name: 'web', subresource: 'status' },
      },
    },
    {
      name: 'a report of status of what is custom, which is the status alone',
      event: {
        objectRef: { ...CUSTOM, subresource: 'status' },
      },
    },
    {
      name: 'a token',
      event: {
        verb: 'create',
        responseStatus: { code: 201 },
        objectRef: { resource: 'serviceaccounts', namespace: 'shop', name: 'web', subresource: 'token' },
      },
    },
  ])('of $name changed nothing', ({ event }) => {
    expect(readAuditEvent(auditEvent(event)).kind).toBe('other');
  });

  it.each([
    { name: 'a bad escape', event: { requestURI: '/apis/x?dryRun=%zz' } },
    { name: 'a semicolon', event: { requestURI: '/apis/x?dryRun=All;x' } },
    { name: 'a semicolon before it', event: { requestURI: '/apis/x?x;dryRun=All' } },
    { name: 'another value', event: { requestURI: '/apis/x?dryRun=All&dryRun=None' } },
    { name: 'no value', event: { requestURI: '/apis/x?dryRun' } },
    { name: 'more behind it', event: { requestURI: `/apis/x?${'a'.repeat(4080)}&dryRun=All;x` } },
    { name: 'a field of what was sent', event: { requestObject: { dryRun: ['All'] } } },
    {
      name: 'an address that the options in the body of a deletion overrule',
      event: { verb: 'delete', requestURI: '/apis/x?dryRun=All', requestObject: {} },
    },
    {
      name: 'an address of a deletion whose body is not known',
      event: { verb: 'deletecollection', requestURI: '/apis/x?dryRun=All' },
    },
  ])('that says dry run by $name is of a change, as the API server made it', ({ event }) => {
    expect(readAuditEvent(auditEvent(event)).kind).toBe('write');
  });

  it('of a creation by generateName takes the name from the answer, and else has none', () => {
    const event = {
      verb: 'create',
      responseStatus: { code: 201 },
      objectRef: { resource: 'pods', namespace: 'shop' },
    };
    const responseObject = { metadata: { name: 'job-x7k2p', uid: 'u-1', resourceVersion: '17' } };

    expect(writeOf({ ...event, responseObject })).toMatchObject({
      name: 'job-x7k2p',
      uid: 'u-1',
      after: '17',
    });
    expect(writeOf(event)).toMatchObject({ effect: 'created', name: '', namespace: 'shop' });
    const user = { username: 'system:serviceaccount:kube-system:replicaset-controller' };
    expect(writeOf({ ...event, user })).toBeUndefined();
  });

  it('of a deletion of many has no name, whatever the answer lists', () => {
    const objectRef = { resource: 'pods', namespace: 'shop' };
    const responseObject = { metadata: { resourceVersion: '9' }, items: [{ metadata: { name: 'web' } }] };

    expect(writeOf({ verb: 'deletecollection', objectRef, responseObject })).toMatchObject({
      effect: 'deleted',
      name: '',
      after: undefined,
    });
  });

  it('knows the version before from the request and the one after from the answer', () => {
    expect(
      writeOf({
        verb: 'update',
        objectRef: { ...CONFIG, uid: 'u-1', resourceVersion: '41' },
        responseObject: { metadata: { resourceVersion: '42' } },
      }),
    ).toMatchObject({ uid: 'u-1', before: '41', after: '42' });
  });

  it.each([
    { name: 'of the status', verb: 'patch', reference: { subresource: 'status' } },
    { name: 'of the finalizers', verb: 'update', reference: { subresource: 'finalize' } },
    { name: 'of an approval', verb: 'update', reference: { subresource: 'approval' } },
    { name: 'that binds a pod', verb: 'create', reference: { subresource: 'binding' } },
    { name: 'that binds a pod by itself', verb: 'create', reference: { resource: 'bindings' } },
  ])(
    '$name may change annotations, and is one with all of its kind within an hour',
    ({ verb, reference }) => {
      const objectRef = { resource: 'pods', namespace: 'shop', name: 'web', ...reference };
      const later = {
        auditID: 'a-2',
        requestReceivedTimestamp: '2026-11-26T10:59:00Z',
        stageTimestamp: '2026-11-26T10:59:00.5Z',
      };
      const write = writeOf({ verb, objectRef });

      expect(write).toMatchObject({ effect: 'changed', isOfStatus: true, resource: 'pods', name: 'web' });
      expect(writeOf({ verb, objectRef, ...later })?.id).toBe(write?.id);
      expect(writeOf({ verb, objectRef, user: { username: 'ben' } })?.id).not.toBe(write?.id);
      expect(writeOf({ verb, objectRef, stageTimestamp: '2026-11-26T11:00:00Z' })?.id).not.toBe(write?.id);
    },
  );

  it.each([
    ['an answer that came too late', { responseStatus: { code: 504 } }],
    ['a failure', { responseStatus: { code: 500 } }],
    ['a request that was broken off', { stage: 'Panic', responseStatus: { code: 500 } }],
    ['a request that was broken off without an answer', { stage: 'Panic', responseStatus: undefined }],
  ])('of %s tells of a write that may have failed', (_what, event) => {
    expect(writeOf(event)).toMatchObject({ effect: 'changed', mayHaveFailed: true, name: 'web' });
    expect(writeOf({ ...event, verb: 'create' })).toMatchObject({ effect: 'created', mayHaveFailed: true });
    const objectRef = { resource: 'pods', namespace: 'shop', name: 'web', subresource: 'status' };
    expect(writeOf({ ...event, objectRef })).toMatchObject({ isOfStatus: true, mayHaveFailed: false });
  });

  it('of a deletion of many that was refused for one of them tells of one that may have failed', () => {
    const refused = { verb: 'deletecollection', responseStatus: { code: 409 } };
    expect(writeOf(refused)).toMatchObject({ effect: 'deleted', mayHaveFailed: true, name: '' });
    expect(writeOf({ ...refused, verb: 'delete' })).toBeUndefined();
    const decision = (said: string) => ({ annotations: { 'authorization.k8s.io/decision': said } });
    expect(writeOf({ ...refused, ...decision('allow') })).toBeDefined();
    expect(writeOf({ ...refused, ...decision('forbid') })).toBeUndefined();
  });

  it.each([
    { name: 'a creation', event: { verb: 'create', responseStatus: { code: 201 } } },
    {
      name: 'an eviction',
      event: {
        verb: 'create',
        responseStatus: { code: 201 },
        objectRef: { ...CONFIG, subresource: 'eviction' },
      },
    },
  ])('of $name takes no uid from its client, who may say any', ({ event }) => {
    const objectRef = { ...CONFIG, ...event.objectRef, uid: 'any' };

    expect(writeOf({ ...event, objectRef })?.uid).toBeUndefined();
  });

  it('knows from the status which object was deleted, also where no bodies are logged', () => {
    const responseStatus = { code: 200, details: { name: 'web', uid: 'u-1' } };

    expect(writeOf({ verb: 'delete', responseStatus })?.uid).toBe('u-1');
  });

  it('is told apart from another one that its client gave the same auditID', () => {
    const other = { objectRef: { resource: 'secrets', namespace: 'shop', name: 'db' } };

    expect(writeOf(other)?.id).not.toBe(writeOf({})?.id);
    expect(writeOf({})?.id).toBe(writeOf({})?.id);
  });

  it('names the manager as the API server does: the parameter, else the first part of the user agent', () => {
    expect(writeOf({ requestURI: '/apis/x?fieldManager=argo%20cd' })?.manager).toBe('argo cd');
    expect(writeOf({ requestURI: '/apis/x' })?.manager).toBe('kubectl');
    const objectRef = { resource: 'deployments', namespace: 'shop', name: 'web', subresource: 'scale' };
    expect(writeOf({ requestURI: '/apis/x', objectRef })?.manager).toBeUndefined();
    expect(writeOf({ requestURI: '/apis/x?fieldManager=%zz', userAgent: '' })?.manager).toBeUndefined();
  });

  it('keeps nothing of bodies, of annotations or of secrets in a user agent', () => {
    const secret = `ghp_${'A1b2C3d4E5f6'.repeat(3)}`;
    const kept = JSON.stringify(
      writeOf({
        verb: 'update',
        requestObject: { data: { password: secret }, metadata: { name: 'x', annotations: { a: secret } } },
        responseObject: { data: { password: secret }, metadata: { labels: { l: secret } } },
        annotations: { a: secret },
        userAgent: `deployer ${secret}`,
        requestURI: `/apis/x?token=${secret}`,
      }),
    );

    expect(kept).not.toContain(secret);
    expect(kept).toContain('deployer');
  });

  it.each([
    { name: 'no object', event: 'x', reason: 'not an object' },
    { name: 'another kind', event: { kind: 'Pod' }, reason: 'not an Event' },
    {
      name: 'an old version',
      event: { apiVersion: 'audit.k8s.io/v1beta1' },
      reason: 'not of audit.k8s.io/v1',
    },
    { name: 'no identity', event: { ...auditEvent({ auditID: 7 }) }, reason: 'without auditID' },
    { name: 'no verb', event: { ...auditEvent({ verb: null }) }, reason: 'without verb' },
    {
      name: 'no moment',
      event: { ...auditEvent({ stageTimestamp: 'yesterday' }) },
      reason: 'without stageTimestamp',
    },
  ])('with $name is malformed, and says why', ({ event, reason }) => {
    expect(readAuditEvent(event)).toEqual({ kind: 'malformed', reason });
  });
});

describe('a part of Kubernetes', () => {
  it.each([
    ['system:kube-controller-manager', true],
    ['system:node:n1', true],
    ['system:serviceaccount:kube-system:deployment-controller', true],
    ['system:serviceaccount:kube-system:deployer', false],
    ['system:serviceaccount:shop:deployment-controller', false],
    ['ann', false],
  ])('%s: %s', (user, expected) => {
    expect(isControlPlane({ user, impersonatedBy: null })).toBe(expected);
    expect(isControlPlane({ user, impersonatedBy: 'eve' })).toBe(false);
  });
});

describe('a moment', () => {
  it.each([
    ['2026-11-26T10:00:00Z', Date.parse('2026-11-26T10:00:00Z')],
    ['2026-11-26T10:00:00.5Z', Date.parse('2026-11-26T10:00:00.500Z')],
    ['2026-11-26T10:00:00.123456Z', Date.parse('2026-11-26T10:00:00.123Z')],
    ['2026-11-26T10:00:00.1+01:00', Date.parse('2026-11-26T09:00:00.100Z')],
    ['2026-11-26T10:00Z', undefined],
    ['', undefined],
  ])('%s is %s', (text, moment) => {
    expect(momentOf(text)).toBe(moment);
  });
});

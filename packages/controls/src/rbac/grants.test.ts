import { describe, expect, it } from 'vitest';
import { type Power, resourceGrants, verbGrants, writtenRules } from './grants.ts';

const READ: Power = { verbs: ['get', 'list'], groups: [''], resources: ['secrets'] };
const EXEC: Power = { verbs: ['create'], groups: [''], resources: ['pods/exec'] };

function rule(apiGroups: string, resources: string, verbs: string, rest = {}) {
  const [written] = writtenRules({
    rules: [{ apiGroups: [apiGroups], resources: resources.split(' '), verbs: verbs.split(' '), ...rest }],
  });
  if (written === undefined) throw new Error('a rule');
  return written;
}

describe('resourceGrants', () => {
  it.each([
    ['the very resource', rule('', 'secrets', 'get'), [0]],
    ['every verb', rule('', 'secrets', '*'), [0]],
    ['every group', rule('*', 'pods secrets', 'list'), [1]],
    ['a subresource of every resource', rule('', '*/exec', 'create'), [0]],
    ['another verb', rule('', 'secrets', 'create'), []],
    ['another group', rule('apps', 'secrets', 'get'), []],
    ['the resource of a subresource', rule('', 'pods', 'create'), []],
    ['a subresource of the resource', rule('', 'secrets/status */status', 'get'), []],
    ['every resource, which has controls of its own', rule('', '*', '*'), []],
    ['pods/*, which is no wildcard', rule('', 'pods/* */*', '*'), []],
    ['names', rule('', 'secrets', 'get', { resourceNames: ['db'] }), []],
  ])('%s', (_name, written, indexes) => {
    const paths = indexes.map((index) => ['rules', 0, 'resources', index]);

    expect(resourceGrants(written, [READ, EXEC]).map(({ path }) => path)).toEqual(paths);
  });

  it('gives the verbs as written, each once', () => {
    const [grant] = resourceGrants(rule('', 'secrets', 'list get watch list'), [READ]);

    expect(grant?.verbs).toEqual(['list', 'get']);
  });

  it('asks the power about names', () => {
    const power: Power = { ...READ, evenFor: (names) => names.includes('root') };

    expect(
      resourceGrants(rule('', 'secrets', 'get', { resourceNames: ['db', 'root'] }), [power]),
    ).toHaveLength(1);
    expect(resourceGrants(rule('', 'secrets', 'get', { resourceNames: ['db'] }), [power])).toEqual([]);
  });
});

describe('verbGrants', () => {
  it('gives one for each verb, with the resources that it reaches', () => {
    expect(verbGrants(rule('', 'pods secrets', 'watch get *'), [READ])).toEqual([
      { path: ['rules', 0, 'verbs', 1], verbs: ['get'], resources: ['secrets'] },
      { path: ['rules', 0, 'verbs', 2], verbs: ['*'], resources: ['secrets'] },
    ]);
  });
});

describe('writtenRules', () => {
  it('keeps the places of the manifest behind what is no rule and no text', () => {
    const [written] = writtenRules({ rules: [null, 'x', { verbs: [1, 'get'], resources: [null, 'pods'] }] });

    expect(written).toMatchObject({ path: ['rules', 2], verbs: [[1, 'get']], resources: [[1, 'pods']] });
  });

  it('finds none where rules are no list', () => {
    expect(writtenRules({ rules: 'all' })).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowsPath, allowsResource, parseRules, type Rule } from './rules.ts';

function rule(parts: Partial<Rule>): Rule {
  return { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [], ...parts };
}

describe('allowsResource', () => {
  const secrets = rule({ verbs: ['get'], apiGroups: [''], resources: ['secrets'] });

  it.each([
    ['the very request', secrets, { verb: 'get', group: '', resource: 'secrets' }, true],
    ['another verb', secrets, { verb: 'list', group: '', resource: 'secrets' }, false],
    ['another group', secrets, { verb: 'get', group: 'apps', resource: 'secrets' }, false],
    [
      'every verb',
      { ...secrets, verbs: ['*'] },
      { verb: 'impersonate', group: '', resource: 'secrets' },
      true,
    ],
    [
      'every group',
      { ...secrets, apiGroups: ['*'] },
      { verb: 'get', group: 'x.io', resource: 'secrets' },
      true,
    ],
    [
      'every resource, of another group',
      { ...secrets, apiGroups: ['apps'], resources: ['*'] },
      { verb: 'get', group: '', resource: 'secrets' },
      false,
    ],
    [
      'every resource, subresources too',
      { ...secrets, resources: ['*'] },
      { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
      true,
    ],
    [
      'a resource, not its subresources',
      { ...secrets, resources: ['pods'] },
      { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
      false,
    ],
    [
      'a subresource, not its resource',
      { ...secrets, resources: ['pods/log'] },
      { verb: 'get', group: '', resource: 'pods' },
      false,
    ],
    [
      'a subresource of every resource',
      { ...secrets, resources: ['*/scale'] },
      { verb: 'get', group: '', resource: 'deployments', subresource: 'scale' },
      true,
    ],
    [
      'pods/*, which is no wildcard',
      { ...secrets, resources: ['pods/*'] },
      { verb: 'get', group: '', resource: 'pods', subresource: 'exec' },
      false,
    ],
    [
      '*/*, which is no wildcard',
      { ...secrets, resources: ['*/*'] },
      { verb: 'get', group: '', resource: 'pods', subresource: 'exec' },
      false,
    ],
    [
      'a name',
      { ...secrets, resourceNames: ['db'] },
      { verb: 'get', group: '', resource: 'secrets', name: 'db' },
      true,
    ],
    [
      'another name',
      { ...secrets, resourceNames: ['db'] },
      { verb: 'get', group: '', resource: 'secrets', name: 'tls' },
      false,
    ],
    [
      'no name where the rule has one, as create and list have none',
      { ...secrets, verbs: ['*'], resourceNames: ['db'] },
      { verb: 'create', group: '', resource: 'secrets' },
      false,
    ],
    ['nothing at all', rule({}), { verb: 'get', group: '', resource: 'secrets' }, false],
  ])('decides %s', (_name, given, request, allowed) => {
    expect(allowsResource(given, request)).toBe(allowed);
  });

  it('never loses a right when a list grows a wildcard', () => {
    const words = fc.subarray(['get', 'pods', 'pods/log', '', 'apps', 'secrets', '*/log'], { minLength: 1 });
    const anyRule = fc.record({ verbs: words, apiGroups: words, resources: words });
    const request = fc.record({
      verb: fc.constantFrom('get', 'list'),
      group: fc.constantFrom('', 'apps'),
      resource: fc.constantFrom('pods', 'secrets'),
      subresource: fc.constantFrom('', 'log'),
    });
    fc.assert(
      fc.property(
        anyRule,
        request,
        fc.constantFrom('verbs' as const, 'apiGroups' as const, 'resources' as const),
        (parts, asked, list) => {
          const given = rule(parts);
          const wider = { ...given, [list]: [...given[list], '*'] };

          expect(!allowsResource(given, asked) || allowsResource(wider, asked)).toBe(true);
        },
      ),
    );
  });
});

describe('allowsPath', () => {
  it.each([
    ['/metrics', '/metrics', true],
    ['/metrics', '/metrics/x', false],
    ['/logs/*', '/logs/kubelet', true],
    ['/logs/*', '/logs', false],
    ['*', '/anything', true],
    ['/he*z', '/healthz', false],
  ])('a rule for %s and the path %s: %s', (url, path, allowed) => {
    expect(allowsPath(rule({ verbs: ['get'], nonResourceURLs: [url] }), { verb: 'get', path })).toBe(allowed);
  });
});

describe('parseRules', () => {
  it('leaves out what is not text, and never throws', () => {
    expect(parseRules({ rules: [{ verbs: ['get', 3, null], resources: 'pods' }, 'x', null] })).toEqual([
      rule({ verbs: ['get'] }),
    ]);
    expect(parseRules({ rules: 'all' })).toEqual([]);
    fc.assert(fc.property(fc.jsonValue(), (value) => Array.isArray(parseRules(value as never))));
  });
});

import { describe, expect, it } from 'vitest';
import { mentionsIn } from './mentioned.ts';

/** Of each object that is named: its text, and where it is. */
function named(sentence: string): string[] {
  return mentionsIn(sentence, 'shop').flatMap(({ text, object }) =>
    object === undefined ? [] : [`${text} = ${object.kind} ${object.namespace}/${object.name}`],
  );
}

describe('what a sentence names', () => {
  it.each<[string, string[]]>([
    ['Service web leads to it from inside the cluster on port 80.', ['Service web = Service shop/web']],
    [
      'Ingress front leads to it through Service web, for a.example.com with TLS.',
      ['Ingress front = Ingress shop/front', 'Service web = Service shop/web'],
    ],
    [
      'HTTPRoute all of namespace edge leads to it through Service web, for every host, behind Gateway edge/main.',
      [
        'HTTPRoute all of namespace edge = HTTPRoute edge/all',
        'Service web = Service shop/web',
        'Gateway edge/main = Gateway edge/main',
      ],
    ],
    [
      'Network policy default-deny limits what may connect to it.',
      ['default-deny = NetworkPolicy shop/default-deny'],
    ],
    [
      'Network policies a, b.c and d limit what it may connect to.',
      ['a = NetworkPolicy shop/a', 'b.c = NetworkPolicy shop/b.c', 'd = NetworkPolicy shop/d'],
    ],
    [
      'RoleBinding other/read to Role reader',
      ['RoleBinding other/read = RoleBinding other/read', 'Role reader = Role other/reader'],
    ],
    [
      'ClusterRoleBinding system:all to ClusterRole system:basic-user, for the group system:authenticated',
      [
        'ClusterRoleBinding system:all = ClusterRoleBinding /system:all',
        'ClusterRole system:basic-user = ClusterRole /system:basic-user',
      ],
    ],
    ['No Service leads to it.', []],
    ['Whether Ingress objects lead to it is not known: they are not seen.', []],
    ['Nothing yet in namespace shop: there is no Role gone.', []],
    ['No network policy limits what may connect to it.', []],
    ['Its containers hold a token of service account web for the API server.', []],
  ])('of "%s"', (sentence, expected) => {
    expect(named(sentence)).toEqual(expected);
    expect(
      mentionsIn(sentence, 'shop')
        .map(({ text }) => text)
        .join(''),
    ).toBe(sentence);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familiarName, formatImageRef, parseImageRef } from './image-ref.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

/** What reference.ParseNormalizedNamed of github.com/distribution/reference v0.6.0 makes of these. */
const ACCEPTED: readonly (readonly [text: string, full: string, familiar: string])[] = [
  ['nginx', 'docker.io/library/nginx', 'nginx'],
  ['nginx:1.25', 'docker.io/library/nginx:1.25', 'nginx:1.25'],
  ['library/nginx', 'docker.io/library/nginx', 'nginx'],
  ['docker.io/nginx', 'docker.io/library/nginx', 'nginx'],
  ['docker.io/library/nginx:latest', 'docker.io/library/nginx:latest', 'nginx:latest'],
  ['index.docker.io/foo/bar', 'docker.io/foo/bar', 'foo/bar'],
  ['foo/bar', 'docker.io/foo/bar', 'foo/bar'],
  ['localhost', 'docker.io/library/localhost', 'localhost'],
  ['localhost/foo', 'localhost/foo', 'localhost/foo'],
  ['localhost:5000/foo:tag', 'localhost:5000/foo:tag', 'localhost:5000/foo:tag'],
  ['LOCALHOST/foo', 'LOCALHOST/foo', 'LOCALHOST/foo'],
  ['foo.bar/baz', 'foo.bar/baz', 'foo.bar/baz'],
  ['foo:5000/baz', 'foo:5000/baz', 'foo:5000/baz'],
  ['foo.com', 'docker.io/library/foo.com', 'foo.com'],
  ['foo.com:80', 'docker.io/library/foo.com:80', 'foo.com:80'],
  ['Foo.com/bar', 'Foo.com/bar', 'Foo.com/bar'],
  ['[::1]:5000/foo', '[::1]:5000/foo', '[::1]:5000/foo'],
  ['[2001:db8::1]/foo/bar:x', '[2001:db8::1]/foo/bar:x', '[2001:db8::1]/foo/bar:x'],
  ['192.168.0.1:5000/foo:1', '192.168.0.1:5000/foo:1', '192.168.0.1:5000/foo:1'],
  ['a__b/c', 'docker.io/a__b/c', 'a__b/c'],
  ['a-b--c/d', 'docker.io/a-b--c/d', 'a-b--c/d'],
  ['nginx:_x', 'docker.io/library/nginx:_x', 'nginx:_x'],
  [`nginx:${'a'.repeat(128)}`, `docker.io/library/nginx:${'a'.repeat(128)}`, `nginx:${'a'.repeat(128)}`],
  [`foo/${'ab'.repeat(32)}`, `docker.io/foo/${'ab'.repeat(32)}`, `foo/${'ab'.repeat(32)}`],
  [
    `registry.example.com:8443/a@${DIGEST}`,
    `registry.example.com:8443/a@${DIGEST}`,
    `registry.example.com:8443/a@${DIGEST}`,
  ],
  [`nginx:1.2@${DIGEST}`, `docker.io/library/nginx:1.2@${DIGEST}`, `nginx:1.2@${DIGEST}`],
  [`x.y/${'a'.repeat(255)}`, `x.y/${'a'.repeat(255)}`, `x.y/${'a'.repeat(255)}`],
];
const REFUSED = [
  '',
  'NGINX',
  'foo.com/BAR',
  'a___b/c',
  'a..b/c',
  '-a/b',
  'a/b-',
  'nginx:',
  'nginx:.x',
  'nginx:-x',
  'ab'.repeat(32),
  '/nginx',
  'nginx/',
  'foo//bar',
  'https://example.com/foo',
  'foo@bar',
  'nginx:1 ',
  'nginx:$(TAG)',
  '\u0024{IMAGE}',
  'foo.com/x:80/y',
  'a+b/c',
  `nginx:${'a'.repeat(129)}`,
  `a@${DIGEST.toUpperCase()}`,
  'a@md5:abcdefabcdefabcdefabcdefabcdefab',
  'nginx@sha256:abc',
  `x.y/${'a'.repeat(256)}`,
];

describe('parseImageRef', () => {
  it.each(ACCEPTED)('reads %s', (text, full, familiar) => {
    const parsed = parseImageRef(text);

    expect(parsed.ok && [formatImageRef(parsed.value), familiarName(parsed.value)]).toEqual([full, familiar]);
  });

  it.each(REFUSED)('refuses %j', (text) => {
    expect(parseImageRef(text).ok).toBe(false);
  });

  it('reads back what it prints, in full and familiar', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const registry = fc.constantFrom(
      'docker.io',
      'localhost',
      'registry.example.com',
      'r.io:5000',
      '[::1]:80',
    );
    const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const tag = fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined });
    const digest = fc.option(fc.constant(DIGEST), { nil: undefined });
    fc.assert(
      fc.property(registry, path, tag, digest, (host, name, version, sum) => {
        const first = parseImageRef(
          `${host}/${name}${version === undefined ? '' : `:${version}`}${sum === undefined ? '' : `@${sum}`}`,
        );
        if (!first.ok) throw new Error(first.error.message);

        expect(parseImageRef(formatImageRef(first.value))).toEqual(first);
        expect(parseImageRef(familiarName(first.value))).toEqual(first);
      }),
    );
  });
});
